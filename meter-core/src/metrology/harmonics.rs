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
        let folded = Folded::of(wave);
        let [first, third] = orders(&folded.odd, &FIRST_AND_THIRD);
        let [fifth, seventh] = orders(&folded.odd, &FIFTH_AND_SEVENTH);
        let [second] = orders(&folded.even, &SECOND);
        Self([first, second, third, fifth, seventh])
    }
}

/// Points that are left of a cycle: those of its first quarter, of which the others are mirror images, and of
/// these every other one.
const FOLDED: usize = QUARTER / 2 + 1;

/// Cosine (low) and sine (high) of some orders at each of them. Fourteen bits are as exact as a sum over a cycle
/// needs, and the target multiplies by either half of a word.
type Turns<const N: usize> = [[u32; N]; FOLDED];

const FIRST_AND_THIRD: Turns<2> = turns([1, 3]);
const FIFTH_AND_SEVENTH: Turns<2> = turns([5, 7]);
const SECOND: Turns<1> = turns([2]);

const fn turns<const N: usize>(orders: [usize; N]) -> Turns<N> {
    let mut table = [[0; N]; FOLDED];
    let mut point = 0;
    while point < FOLDED {
        let mut column = 0;
        while column < N {
            let order = orders[column];
            let cos = undamped(trig::cosine(2 * point * order), order) as u16;
            let sin = undamped(trig::sine(2 * point * order), order) as u16;
            table[point][column] = (sin as u32) << 16 | cos as u32;
            column += 1;
        }
        point += 1;
    }
    table
}

/// A fraction in 2^-13, larger by what [`smooth`] takes away of the order: half of 1 + cos of a point's angle.
const fn undamped(fraction: i32, order: usize) -> i16 {
    let kept = (1 << 31) + trig::cosine(order) as i64;
    let in_2_13 = ((fraction as i64) << 32) / kept;
    ((in_2_13 + (1 << 17)) >> 18) as i16
}

/// Part of the product, which is one instruction, also together with a sum.
#[inline]
const fn times(value: i32, factor: i16) -> i32 {
    ((value as i64 * factor as i64) >> 16) as i32
}

impl Phasor {
    #[inline]
    const fn add(&mut self, [with_cos, with_sin]: Pair, turn: u32) {
        self.cos += times(with_cos, turn as i16);
        self.sin += times(with_sin, (turn >> 16) as i16);
    }
}

/// A point of a quarter with its mirror image, and less it: what goes with the cosine and with the sine.
type Pair = [i32; 2];

/// A cycle folded onto every other point of its first quarter: what changes sign after half a cycle, and what
/// does not.
struct Folded {
    odd: [Pair; FOLDED],
    even: [Pair; FOLDED],
}

impl Folded {
    fn of(wave: &Wave) -> Self {
        let mut folded = Self { odd: [[0; 2]; FOLDED], even: [[0; 2]; FOLDED] };
        let (mut odd_before, mut even_before) = fold(wave, 1);
        // The first point and the last are mirror images of themselves, and their neighbours on both sides are
        // one another's.
        let (first_odd, first_even) = (wave[0] - wave[HALF], wave[0] + wave[HALF]);
        folded.odd[0] = [smooth(odd_before[0] >> 1, first_odd, odd_before[0] >> 1), 0];
        folded.even[0] = [smooth(even_before[0] >> 1, first_even, even_before[0] >> 1), 0];
        for point in 1..FOLDED - 1 {
            let (odd, even) = fold(wave, 2 * point);
            let (odd_after, even_after) = fold(wave, 2 * point + 1);
            folded.odd[point] = smooth_both(odd_before, odd, odd_after);
            folded.even[point] = smooth_both(even_before, even, even_after);
            (odd_before, even_before) = (odd_after, even_after);
        }
        let (last_odd, last_even) =
            (wave[QUARTER] - wave[QUARTER + HALF], wave[QUARTER] + wave[QUARTER + HALF]);
        folded.odd[FOLDED - 1] = [0, smooth(odd_before[1] >> 1, last_odd, odd_before[1] >> 1)];
        folded.even[FOLDED - 1] = [smooth(even_before[0] >> 1, last_even, even_before[0] >> 1), 0];
        folded
    }
}

/// Folds one point: what changes sign after half a cycle, and what does not.
#[inline(always)]
fn fold(wave: &Wave, point: usize) -> (Pair, Pair) {
    let [here, across] = [wave[point], wave[point + HALF]];
    let [mirrored, mirrored_across] = [wave[HALF - point], wave[POINTS - point]];
    let (one, other) = (here - across, mirrored - mirrored_across);
    let (even, even_mirrored) = (here + across, mirrored + mirrored_across);
    ([one - other, one + other], [even + even_mirrored, even - even_mirrored])
}

/// A point with its neighbours: half of it and a quarter of each, so that nothing is lost with every other point
/// but some of the highest orders.
#[inline(always)]
const fn smooth(before: i32, here: i32, after: i32) -> i32 {
    (here >> 1) + (before >> 2) + (after >> 2)
}

#[inline(always)]
const fn smooth_both(before: Pair, here: Pair, after: Pair) -> Pair {
    [smooth(before[0], here[0], after[0]), smooth(before[1], here[1], after[1])]
}

fn orders<const N: usize>(pairs: &[Pair; FOLDED], turns: &Turns<N>) -> [Phasor; N] {
    let mut phasors = [Phasor::default(); N];
    for (pair, turns) in pairs.iter().zip(turns) {
        for (phasor, turn) in phasors.iter_mut().zip(turns) {
            phasor.add(*pair, *turn);
        }
    }
    phasors
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
            // Within 0.002 % of the fundamental.
            let off = |part: i32, expected: f64| (f64::from(part) / 4.0 - peak * expected).abs() < 1e3;
            assert!(
                off(phasor.cos, phase.sin()) && off(phasor.sin, phase.cos()),
                "order {order}: {phasor:?}"
            );
        }
        assert!((measured.fundamental().mean_square() as f64 / (5e7f64.powi(2) / 2.0) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_lagging_current_has_positive_reactive_power() {
        let voltage = Harmonics::of(&wave(&[(1, 5e7, 0.0)])).fundamental();
        let current = Harmonics::of(&wave(&[(1, 5e7, -TAU / 12.0)])).fundamental();
        assert!((voltage.dot(current) as f64 / 1.25e15 - 0.75f64.sqrt()).abs() < 3e-5);
        assert!((voltage.cross(current) as f64 / 1.25e15 - 0.5).abs() < 3e-5);
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
