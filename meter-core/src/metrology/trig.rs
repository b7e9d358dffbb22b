//! Sine, arc tangent and angles in integers.

use super::POINTS;

/// An angle; the full turn is 2^32, so that it wraps by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Angle(pub i32);

impl Angle {
    /// Thousandths of a degree, −180 000..180 000.
    #[must_use]
    pub const fn millidegrees(self) -> i32 {
        ((self.0 as i64 * 360_000) >> 32) as i32
    }

    /// The angle of so many thousandths of a degree.
    #[must_use]
    pub const fn from_millidegrees(millidegrees: i32) -> Self {
        Self((((millidegrees as i64) << 32) / 360_000) as i32)
    }
}

/// The sine at each of the [`POINTS`] points of a turn; one is 2^31 − 1.
pub const SINE: [i32; POINTS] = sine_table();

/// Cosine at point `point` of the turn, any integer.
#[must_use]
pub const fn cosine(point: usize) -> i32 {
    SINE[(point + POINTS / 4) % POINTS]
}

/// Sine at point `point` of the turn, any integer.
#[must_use]
pub const fn sine(point: usize) -> i32 {
    SINE[point % POINTS]
}

/// Turns a unit vector by a 128th of a turn again and again, in 60-bit fractions.
const fn sine_table() -> [i32; POINTS] {
    const STEP_COS: i128 = 1_151_532_760_162_549_490;
    const STEP_SIN: i128 = 56_571_176_913_125_535;
    let (mut cos, mut sin) = (1i128 << 60, 0i128);
    let mut table = [0; POINTS];
    let mut point = 0;
    while point < POINTS {
        let rounded = (sin + (1 << 28)) >> 29;
        table[point] = if rounded > i32::MAX as i128 { i32::MAX } else { rounded as i32 };
        (cos, sin) = ((cos * STEP_COS - sin * STEP_SIN) >> 60, (cos * STEP_SIN + sin * STEP_COS) >> 60);
        point += 1;
    }
    table
}

/// atan(2^−i) as parts of a turn.
const ARC_TANGENTS: [i32; 28] = [
    536_870_912,
    316_933_406,
    167_458_907,
    85_004_756,
    42_667_331,
    21_354_465,
    10_679_838,
    5_340_245,
    2_670_163,
    1_335_087,
    667_544,
    333_772,
    166_886,
    83_443,
    41_722,
    20_861,
    10_430,
    5215,
    2608,
    1304,
    652,
    326,
    163,
    81,
    41,
    20,
    10,
    5,
];

/// The angle of the vector (`x`, `y`), by rotation in ever smaller steps (CORDIC); zero for the zero
/// vector. Good to about 2^−26 of a turn if either is above 2^26.
#[must_use]
pub fn angle_of(x: i32, y: i32) -> Angle {
    // Half a turn first, so that the steps, which reach 99.9°, suffice.
    let (mut x, mut y) = (i64::from(x), i64::from(y));
    let mut angle = 0i32;
    if x < 0 {
        (x, y) = (-x, -y);
        angle = i32::MIN;
    }
    // Room for the last steps' shifts.
    (x, y) = (x << 24, y << 24);
    for (shift, arc) in ARC_TANGENTS.iter().enumerate() {
        if y == 0 {
            break;
        }
        let (dx, dy) = (y >> shift, x >> shift);
        if y > 0 {
            (x, y, angle) = (x + dx, y - dy, angle.wrapping_add(*arc));
        } else {
            (x, y, angle) = (x - dx, y + dy, angle.wrapping_sub(*arc));
        }
    }
    Angle(angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    #[test]
    fn the_table_is_the_sine() {
        for point in 0..POINTS {
            let exact = (TAU * point as f64 / POINTS as f64).sin() * 2f64.powi(31);
            assert!((f64::from(sine(point)) - exact).abs() <= 1.0, "point {point}");
        }
        assert_eq!(cosine(3 * POINTS), i32::MAX);
    }

    #[test]
    fn angles_at_the_axes() {
        assert_eq!(angle_of(0, 0), Angle(0));
        assert_eq!(angle_of(5, 0), Angle(0));
        assert_eq!(angle_of(-5, 0), Angle(i32::MIN));
        assert!((angle_of(0, 9).millidegrees() - 90_000).abs() <= 1);
        assert_eq!(Angle::from_millidegrees(-90_000), Angle(-(1 << 30)));
    }

    proptest! {
        #[test]
        fn angles_are_exact_to_a_millionth_of_a_turn(x in any::<i32>(), y in any::<i32>()) {
            prop_assume!(x.unsigned_abs().max(y.unsigned_abs()) > 1000);
            let exact = f64::from(y).atan2(f64::from(x)) / TAU;
            let off = f64::from(angle_of(x, y).0) / 2f64.powi(32) - exact;
            prop_assert!((off - off.round()).abs() < 1e-6, "{x} {y}: {off}");
        }
    }
}
