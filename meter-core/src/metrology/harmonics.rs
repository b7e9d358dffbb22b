//! Fundamental and harmonics 2, 3, 5 and 7 of a resampled cycle.
//!
//! The cycle is folded by the symmetries of sine and cosine first: an odd harmonic costs 30 multiplications
//! instead of 256.

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
        Spectrum::of(wave).harmonics
    }
}

/// What a cycle has of the lowest orders, and of none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spectrum {
    pub(super) harmonics: Harmonics,
    /// Mean, fine counts.
    pub(super) mean: i64,
}

/// Every other point is looked at: the lowest order of which that makes one of these is the 57th, which no
/// converter's filter passes.
const TAKEN: usize = POINTS / 2;
/// Points that are left when they are folded: those within the first quarter of a cycle, of which all others are
/// mirror images.
const FOLDED: usize = TAKEN / 4 - 1;

/// Cosine (low) and sine (high) of some orders at each of them. Thirteen bits are as exact as a sum over a cycle
/// needs, and the target multiplies by either half of a word.
type Turns<const N: usize> = [[u32; N]; FOLDED];

const FIRST_AND_THIRD: Turns<2> = turns([1, 3]);
const FIFTH_AND_SEVENTH: Turns<2> = turns([5, 7]);
const SECOND: Turns<1> = turns([2]);
/// One, in the unit of the turns.
const ONE: i16 = 1 << 13;

const fn turns<const N: usize>(orders: [usize; N]) -> Turns<N> {
    let mut table = [[0; N]; FOLDED];
    let mut point = 0;
    while point < FOLDED {
        let mut column = 0;
        while column < N {
            let angle = 2 * (point + 1) * orders[column];
            let (cos, sin) = (short(trig::cosine(angle)), short(trig::sine(angle)));
            table[point][column] = (sin as u16 as u32) << 16 | cos as u16 as u32;
            column += 1;
        }
        point += 1;
    }
    table
}

const fn short(fraction: i32) -> i16 {
    ((fraction as i64 + (1 << 17)) >> 18) as i16
}

/// Part of the product, which is one instruction, also together with a sum.
#[inline(always)]
const fn times(value: i32, factor: i16) -> i32 {
    ((value as i64 * factor as i64) >> 16) as i32
}

impl Phasor {
    #[inline(always)]
    const fn add(&mut self, [with_cos, with_sin]: Pair, turn: u32) {
        self.cos = self.cos.wrapping_add(times(with_cos, turn as i16));
        self.sin = self.sin.wrapping_add(times(with_sin, (turn >> 16) as i16));
    }
}

/// A point with its mirror image, and less it: what goes with the cosine and with the sine.
type Pair = [i32; 2];

impl Spectrum {
    /// That of `wave`.
    pub(super) fn of(wave: &Wave) -> Self {
        let (odd, second, mean) = fold(wave);
        // The first point and the last of a quarter are mirror images of themselves.
        let (cos, sin) = (wave[0] - wave[HALF], wave[QUARTER] - wave[HALF + QUARTER]);
        let ends = [[cos, sin], [cos, -sin]];
        let [first, third] = orders(&odd, &FIRST_AND_THIRD, ends);
        let [fifth, seventh] = orders(&odd, &FIFTH_AND_SEVENTH, ends);
        Self { harmonics: Harmonics([first, second, third, fifth, seventh]), mean }
    }
}

/// Folds every other point onto those of the first quarter: gives what changes sign after half a cycle, the second
/// order and the mean.
#[inline(always)]
fn fold(wave: &Wave) -> ([Pair; FOLDED], Phasor, i64) {
    let (first, last) = (wave[0] + wave[HALF], wave[QUARTER] + wave[HALF + QUARTER]);
    let mut second = Phasor { cos: times(first, ONE).wrapping_sub(times(last, ONE)), sin: 0 };
    // Sixteenths keep the sum of a cycle within 32 bits.
    let mut sum = (first >> 4) + (last >> 4);
    let odd = core::array::from_fn(|index| {
        let point = 2 * (index + 1);
        let [here, across] = [wave[point], wave[HALF + point]];
        let [mirrored, mirrored_across] = [wave[HALF - point], wave[POINTS - point]];
        let (one, other) = (here + across, mirrored + mirrored_across);
        sum += (one + other) >> 4;
        let [turn] = SECOND[index];
        second.add([one + other, one - other], turn);
        let (one, other) = (here - across, mirrored - mirrored_across);
        [one - other, one + other]
    });
    (odd, second, i64::from(sum) * 16 / TAKEN as i64)
}

/// `ends`: what the first point and the last of the quarter give to cosine and sine of each order.
#[inline(always)]
fn orders<const N: usize>(pairs: &[Pair; FOLDED], turns: &Turns<N>, ends: [Pair; N]) -> [Phasor; N] {
    let mut phasors = ends.map(|[cos, sin]| Phasor { cos: times(cos, ONE), sin: times(sin, ONE) });
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
            // Within 0.003 % of the fundamental.
            let off = |part: i32, expected: f64| (f64::from(part) / 4.0 - peak * expected).abs() < 1.5e3;
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
            // An edge has orders that no converter's filter passes: those count, a little.
            assert!((peak / 160e6 - f64::from(sign) * 4.0 / std::f64::consts::PI).abs() < 2e-3, "{peak}");
        }
    }
}
