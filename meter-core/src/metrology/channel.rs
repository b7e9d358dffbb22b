//! One input: its samples, and the correction and the sums of a cycle.

use super::calibration::Calibration;
use super::ring::{Position, Ring, SAMPLE, times};
use super::{FINE_BITS, POINTS, Wave};

/// Corrected points are held within two full scales, so that no sum over a cycle overflows. Bounds that are
/// powers of two are one instruction on the target.
const LIMIT: i32 = 1 << 27;

/// One input.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) calibration: Calibration,
    ring: Ring,
    /// Sum of the signal for the transformer's correction, in eighths of a fine count; leaks with a time
    /// constant of 0.64 s.
    integral: i32,
}

/// Sums of one resampled cycle.
#[derive(Clone, Copy, Default)]
pub(super) struct Moments {
    /// Mean, fine counts.
    pub(super) mean: i64,
    /// Mean square about the mean, fine counts².
    pub(super) variance: u64,
    /// Mean product with the other wave, each about its mean, fine counts².
    pub(super) covariance: i64,
    /// A sample was at the end of the range.
    pub(super) clipped: bool,
}

impl Channel {
    pub(super) const fn new(calibration: Calibration) -> Self {
        Self { calibration, ring: Ring::EMPTY, integral: 0 }
    }

    /// Takes a raw sample.
    #[inline]
    pub(super) const fn push(&mut self, number: u8, raw: i32) {
        self.ring.set(number, raw << FINE_BITS);
    }

    /// Three loops, each of which fits into the target's registers.
    ///
    /// Resamples the cycle from `start` on, of points `spacing` apart, into `wave`, and correlates it
    /// with `other`.
    pub(super) fn measure(
        &mut self,
        (start, spacing): (Position, u32),
        (other, other_mean): (&Wave, i64),
        wave: &mut Wave,
    ) -> Moments {
        self.ring.mirror();
        self.resample(start, spacing, wave);
        self.undo_transformer(spacing, wave);
        let (mut sum, mut squares, mut products) = (0i32, 0i64, 0i64);
        for (value, other) in wave.iter().zip(other) {
            // Sixteenths keep the sum of a cycle within 32 bits.
            sum += value >> 4;
            squares += i64::from(*value) * i64::from(*value);
            products += i64::from(*value) * i64::from(*other);
        }
        let clipped = self.clipped(start, spacing, squares);
        let points = POINTS as i64;
        let mean = i64::from(sum) * 16 / points;
        let variance = (squares / points - mean * mean).max(0).cast_unsigned();
        Moments {
            mean,
            variance: variance.saturating_sub(u64::from(self.calibration.noise_square)),
            covariance: products / points - mean * other_mean,
            clipped,
        }
    }

    /// Reads each point.
    fn resample(&self, start: Position, spacing: u32, wave: &mut Wave) {
        let offset = self.calibration.offset << FINE_BITS;
        let mut position = self.delayed(start).wrapping_sub(SAMPLE / 2);
        for slot in wave {
            *slot = self.ring.between(position).wrapping_sub(offset);
            position = position.wrapping_add(spacing);
        }
    }

    const fn delayed(&self, start: Position) -> Position {
        start.wrapping_sub(self.calibration.delay.cast_unsigned())
    }

    /// Whether a sample of the cycle was clipped. The samples are looked through only if the `squares` of the
    /// points allow for one; what was summed up over a clipped half-wave is forgotten, for it would take a
    /// second to leak away.
    fn clipped(&mut self, start: Position, spacing: u32, squares: i64) -> bool {
        let limit = (self.calibration.clip << FINE_BITS) - 1;
        if squares.unsigned_abs() < u64::from(limit.unsigned_abs() / 2).pow(2) {
            return false;
        }
        let start = self.delayed(start);
        let end = start.wrapping_add(spacing * POINTS as u32);
        let clipped = self.ring.exceeds((start >> 24) as u8, (end >> 24) as u8, limit);
        if clipped {
            self.integral = 0;
        }
        clipped
    }

    /// Adds what the transformer's magnetising current took away. Points beyond 24 bits are not the
    /// converter's: they give nonsense, but within [`LIMIT`].
    fn undo_transformer(&mut self, spacing: u32, wave: &mut Wave) {
        // The corner is that of a sample; a point is `spacing` of them. The box keeps the compiler from
        // multiplying 64 bits for every point.
        let corner = (i64::from(self.calibration.transformer_corner) * i64::from(spacing)) >> 24;
        let corner = core::hint::black_box(corner as i32);
        let mut integral = self.integral;
        for slot in wave {
            let gained = times(*slot, corner);
            let middle = integral.saturating_add(gained >> 1);
            *slot = slot.saturating_add(middle >> 3).clamp(-LIMIT, LIMIT - 1);
            integral = integral.saturating_add(gained) - (integral >> 12);
        }
        self.integral = integral;
    }
}
