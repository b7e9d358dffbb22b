//! Fundamental and harmonics 2, 3, 5 and 7 of a resampled cycle.
//!
//! The cycle is folded by the symmetries of sine and cosine first: an odd harmonic of 128 points costs 62
//! multiplications instead of 256.

use super::{POINTS, Wave, trig};

/// Orders that are measured, in the order in which they stand in arrays.
pub const ORDERS: [u8; 5] = [1, 2, 3, 5, 7];

const HALF: usize = POINTS / 2;
const QUARTER: usize = POINTS / 4;

/// A harmonic; four times its peak in fine counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phasor {
    /// Part in phase with the cosine of the cycle.
    pub cos: i32,
    /// Part in phase with the sine of the cycle.
    pub sin: i32,
}

impl Phasor {
    /// Mean square of this harmonic, fine counts².
    #[must_use]
    pub const fn mean_square(self) -> u64 {
        self.dot(self).cast_unsigned()
    }

    /// Mean product of two harmonics of one order: their active power, fine counts².
    #[must_use]
    pub const fn dot(self, other: Self) -> i64 {
        (self.cos as i64 * other.cos as i64 + self.sin as i64 * other.sin as i64) >> 5
    }

    /// Mean product with `other` turned by a quarter: reactive power of a voltage (`self`) and a current
    /// (`other`), positive when the current lags; fine counts².
    #[must_use]
    pub const fn cross(self, other: Self) -> i64 {
        (self.cos as i64 * other.sin as i64 - self.sin as i64 * other.cos as i64) >> 5
    }

    /// The difference, harmonic by harmonic.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self { cos: self.cos.wrapping_sub(other.cos), sin: self.sin.wrapping_sub(other.sin) }
    }
}

/// The phasors of one cycle in the order of [`ORDERS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Harmonics(pub [Phasor; ORDERS.len()]);

impl Harmonics {
    /// Of no current.
    pub const NONE: Self = Self([Phasor { cos: 0, sin: 0 }; ORDERS.len()]);

    /// The fundamental.
    #[must_use]
    pub const fn fundamental(&self) -> Phasor {
        self.0[0]
    }

    /// Those of `wave`.
    #[must_use]
    pub fn of(wave: &Wave) -> Self {
        let ([first, third, fifth, seventh], second) = (odd(wave), second(wave));
        Self([first, second, third, fifth, seventh])
    }
}

/// Cosine and sine at points 1..32 for orders 1, 3, 5 and 7, side by side so that they are read in a row.
const ODD: [[i32; 8]; QUARTER] = odd_table();

const fn odd_table() -> [[i32; 8]; QUARTER] {
    let mut table = [[0; 8]; QUARTER];
    let mut point = 0;
    while point < QUARTER {
        let mut row = 0;
        while row < 4 {
            table[point][2 * row] = trig::cosine(point * (2 * row + 1));
            table[point][2 * row + 1] = trig::sine(point * (2 * row + 1));
            row += 1;
        }
        point += 1;
    }
    table
}

/// The upper word of the product, which is one instruction. Points are folded as eighths, so that sums of 32
/// products stay within 32 bits.
#[inline]
const fn times(value: i32, factor: i32) -> i32 {
    ((value as i64 * factor as i64) >> 32) as i32
}

fn odd(wave: &Wave) -> [Phasor; 4] {
    // Odd harmonics change sign after half a cycle.
    let folded = |point: usize| (wave[point] - wave[point + HALF]) >> 3;
    let mut sums = [0i32; 8];
    let (start, middle) = (times(folded(0), i32::MAX), times(folded(QUARTER), i32::MAX));
    for order in 0..4 {
        sums[2 * order] = start;
        sums[2 * order + 1] = if order % 2 == 0 { middle } else { -middle };
    }
    for (point, row) in ODD.iter().enumerate().skip(1) {
        let (rising, falling) = (folded(point), folded(HALF - point));
        let (difference, sum) = (rising - falling, rising + falling);
        for order in 0..4 {
            sums[2 * order] += times(difference, row[2 * order]);
            sums[2 * order + 1] += times(sum, row[2 * order + 1]);
        }
    }
    [0, 2, 4, 6].map(|index| Phasor { cos: sums[index], sin: sums[index + 1] })
}

fn second(wave: &Wave) -> Phasor {
    let mut phasor = Phasor::default();
    let (first, last) = wave.split_at(HALF);
    let ((first, second), (third, fourth)) = (first.split_at(QUARTER), last.split_at(QUARTER));
    for point in 0..QUARTER {
        let even = (first[point] + third[point]) - (second[point] + fourth[point]);
        phasor.cos += times(even >> 3, SECOND[point][0]);
        phasor.sin += times(even >> 3, SECOND[point][1]);
    }
    phasor
}

/// Cosine and sine of the second order.
const SECOND: [[i32; 2]; QUARTER] = second_table();

const fn second_table() -> [[i32; 2]; QUARTER] {
    let mut table = [[0; 2]; QUARTER];
    let mut point = 0;
    while point < QUARTER {
        table[point] = [trig::cosine(2 * point), trig::sine(2 * point)];
        point += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn wave(parts: &[(u32, f64, f64)]) -> Wave {
        core::array::from_fn(|point| {
            let angle = TAU * point as f64 / POINTS as f64;
            let sum: f64 = parts
                .iter()
                .map(|(order, peak, phase)| peak * (f64::from(*order) * angle + phase).sin())
                .sum();
            sum as i32
        })
    }

    #[test]
    fn each_order_is_found_alone_and_among_others() {
        let parts = [
            (1, 5e7, 0.3),
            (2, 2e7, -1.0),
            (3, 1e7, 2.0),
            (4, 3e7, 0.1),
            (5, 6e6, 0.7),
            (6, 4e6, 0.0),
            (7, 3e6, 1.5),
        ];
        let measured = Harmonics::of(&wave(&parts));
        for (phasor, order) in measured.0.iter().zip(ORDERS) {
            let (_, peak, phase) = parts.iter().find(|part| part.0 == u32::from(order)).unwrap();
            assert!(
                (f64::from(phasor.cos) / (4.0 * peak) - phase.sin()).abs() < 1e-4,
                "order {order}: {phasor:?}"
            );
            assert!(
                (f64::from(phasor.sin) / (4.0 * peak) - phase.cos()).abs() < 1e-4,
                "order {order}: {phasor:?}"
            );
        }
        assert!((measured.fundamental().mean_square() as f64 / (5e7f64.powi(2) / 2.0) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_lagging_current_has_positive_reactive_power() {
        let voltage = Harmonics::of(&wave(&[(1, 5e7, 0.0)])).fundamental();
        let current = Harmonics::of(&wave(&[(1, 5e7, -TAU / 12.0)])).fundamental();
        assert!((voltage.dot(current) as f64 / 1.25e15 - 0.75f64.sqrt()).abs() < 1e-5);
        assert!((voltage.cross(current) as f64 / 1.25e15 - 0.5).abs() < 1e-5);
    }

    #[test]
    fn the_loudest_wave_does_not_overflow() {
        for sign in [1, -1] {
            let square =
                core::array::from_fn(
                    |point| if point < HALF { 160_000_000 * sign } else { -160_000_000 * sign },
                );
            let peak = f64::from(Harmonics::of(&square).fundamental().sin) / 4.0;
            assert!((peak / 160e6 - f64::from(sign) * 4.0 / std::f64::consts::PI).abs() < 1e-3, "{peak}");
        }
    }
}
