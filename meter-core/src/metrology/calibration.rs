//! The constants that make counts of one channel into microvolts or microamperes at the right instant.

use super::samples::SAMPLE;

/// Calibration of one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// What the peak of a full-scale signal (2^23 counts) stands for, µV or µA.
    pub full_scale: u32,
    /// What the converter reads when nothing is on the input, counts; at most half of full scale. What remains is
    /// removed a cycle.
    pub offset: i32,
    /// Square of the channel's own noise, fine counts²: taken off the mean square.
    pub noise_square: u32,
    /// How long before its instant the channel is read, in 2^-24 samples: positive undoes a sensor or a
    /// filter whose output comes early. At most 7 samples (19.7° at 50 Hz) either way.
    pub delay: i32,
    /// Corner of a current transformer (burden over magnetising inductance, ωc/6400) in 2^-35. A
    /// transformer leads by atan(ωc/ω), more at a lower frequency, which no delay can undo; an
    /// integrator of this strength does. At most 3 × 10^8 (10.1° at 50 Hz).
    pub transformer_corner: i32,
    /// Magnitude at which the converter or its amplifier clips, counts.
    pub clip: i32,
}

impl Calibration {
    /// Longest delay either way.
    pub const MAX_DELAY: i32 = 7 * SAMPLE.cast_signed();
    /// Strongest correction of a transformer either way.
    pub const MAX_CORNER: i32 = 300_000_000;
    /// Largest offset either way: half of full scale.
    pub const MAX_OFFSET: i32 = 1 << 22;
    /// Largest count of a 24-bit converter.
    pub const MAX_COUNT: i32 = (1 << 23) - 1;

    /// A channel as designed: no offset, no noise, no phase error, clipping just below full scale.
    #[must_use]
    pub const fn nominal(full_scale: u32) -> Self {
        Self {
            full_scale,
            offset: 0,
            noise_square: 0,
            delay: 0,
            transformer_corner: 0,
            clip: Self::MAX_COUNT - 512,
        }
    }

    /// The same with everything held within its bounds.
    #[must_use]
    pub fn bounded(self) -> Self {
        Self {
            offset: self.offset.clamp(-Self::MAX_OFFSET, Self::MAX_OFFSET),
            delay: self.delay.clamp(-Self::MAX_DELAY, Self::MAX_DELAY),
            transformer_corner: self.transformer_corner.clamp(-Self::MAX_CORNER, Self::MAX_CORNER),
            clip: self.clip.clamp(1, Self::MAX_COUNT),
            ..self
        }
    }

    /// A mean of products of fine counts in this channel's unit and `other`'s, in millionths: µW from a
    /// voltage and a current channel.
    #[must_use]
    pub(crate) const fn product_micro(&self, other: &Self, fine_square: i64) -> i64 {
        /// 2^-52 from fine counts², 2^64 back from the two steps before, and a millionth: in 2^-32.
        const MICRO: u32 = ((1u64 << 44) / 1_000_000) as u32;
        upper(upper(upper(fine_square, self.full_scale), other.full_scale), MICRO)
    }

    /// As [`Self::root_micro`] in mV or mA, for what is looked at every cycle: a root of 32 bits is four times as
    /// fast, and within 2^-16.
    #[must_use]
    pub(crate) const fn root_milli(&self, fine_square: u64) -> u32 {
        if fine_square == 0 {
            return 0;
        }
        let shift = fine_square.leading_zeros() & !1;
        let root = (((fine_square << shift) >> 32) as u32).isqrt();
        // The root is 2^16 times what it is of, and full scale 2^26.
        let micro = (root as u64 * self.full_scale as u64) >> (10 + shift / 2);
        (if micro > u32::MAX as u64 { u32::MAX } else { micro as u32 }) / 1000
    }

    /// A mean of squares of fine counts as root mean square, µV or µA.
    #[must_use]
    pub(crate) const fn root_micro(&self, fine_square: u64) -> u32 {
        if fine_square == 0 {
            return 0;
        }
        // Shifted to the top before the root, so that a small current is not rounded to counts.
        let shift = fine_square.leading_zeros() & !1;
        let root = (fine_square << shift).isqrt();
        let micro = (root * self.full_scale as u64) >> (26 + shift / 2);
        if micro > u32::MAX as u64 { u32::MAX } else { micro as u32 }
    }
}

/// `value` × `factor` / 2^32, without a division or a product of 128 bits.
const fn upper(value: i64, factor: u32) -> i64 {
    let low = (value.cast_unsigned() & 0xFFFF_FFFF) * factor as u64;
    (value >> 32) * factor as i64 + (low >> 32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn full_scale_is_full_scale() {
        let volts = Calibration::nominal(450_000_000);
        let amperes = Calibration::nominal(100_000_000);
        let full_square = 1u64 << 52;
        assert_eq!(volts.root_micro(full_square), 450_000_000);
        assert_eq!((volts.root_milli(full_square), volts.root_milli(0)), (450_000, 0));
        assert!((volts.product_micro(&amperes, 1 << 52) - 45_000_000_000).abs() < 500);
        assert!((volts.product_micro(&amperes, -(1 << 51)) + 22_500_000_000).abs() < 250);
        assert_eq!(amperes.root_micro(0), 0);
    }

    #[test]
    fn wild_constants_are_held_within_bounds() {
        let wild = Calibration {
            delay: i32::MAX,
            transformer_corner: i32::MIN,
            clip: -1,
            ..Calibration::nominal(1)
        };
        let held = wild.bounded();
        assert_eq!(held.delay, Calibration::MAX_DELAY);
        assert_eq!(held.transformer_corner, -Calibration::MAX_CORNER);
        assert_eq!(held.clip, 1);
    }

    proptest! {
        #[test]
        fn the_short_root_is_nearly_the_long_one(square in 0u64..1 << 56, full_scale in 1u32..) {
            let channel = Calibration::nominal(full_scale);
            let (micro, milli) = (channel.root_micro(square), channel.root_milli(square));
            prop_assert!(milli <= micro / 1000 && milli + 1 + (micro >> 25) >= micro / 1000, "{micro} {milli}");
        }
    }
}
