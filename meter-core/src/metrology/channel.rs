//! One input: its ring of samples, and the correction of each sample on the way to it.

use super::calibration::Calibration;
use super::ring::{Position, Ring};
use super::{FINE_BITS, POINTS, Wave};

/// Corrected samples are held within two full scales, so that no sum over a cycle overflows. Bounds that
/// are powers of two are one instruction on the target.
const LIMIT: i32 = 1 << 27;
/// Raw samples are those of 24 bits.
const RAW_LIMIT: i32 = 1 << 23;

/// Samples enter raw and are corrected in place, in order, when their cycle is worked through.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) calibration: Calibration,
    ring: Ring,
    /// Sum of the signal for the transformer's correction, in eighths of a fine count; leaks with a time
    /// constant of 0.64 s.
    integral: i32,
    /// A sample after the end of the previous cycle was clipped.
    clipped_ahead: bool,
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
}

impl Channel {
    pub(super) const fn new(calibration: Calibration) -> Self {
        Self { calibration, ring: Ring::EMPTY, integral: 0, clipped_ahead: false }
    }

    pub(super) const fn push(&mut self, sample: u8, raw: i32) {
        self.ring.set(sample, raw);
    }

    /// Corrects the samples `from..to`, of which those from `end` on belong to the next cycle. Returns
    /// whether a sample of this cycle was clipped.
    pub(super) fn correct(&mut self, from: u8, end: u8, to: u8) -> bool {
        let clipped = self.correct_run(from, end) | self.clipped_ahead;
        self.clipped_ahead = self.correct_run(end, to);
        if clipped {
            // Half a cycle at the rail leaves a sum that would take a second to leak away.
            self.integral = 0;
        }
        clipped
    }

    fn correct_run(&mut self, from: u8, to: u8) -> bool {
        let Calibration { offset, clip, transformer_corner, .. } = self.calibration;
        let (mut integral, mut room) = (self.integral, 0);
        self.ring.change(from, to, |sample| {
            let raw = (*sample).clamp(-RAW_LIMIT, RAW_LIMIT - 1);
            // Negative once a sample was beyond the clipping level on either side.
            room |= (clip - raw) | (clip + raw);
            let fine = (raw - offset) << FINE_BITS;
            let gained = ((i64::from(fine) * i64::from(transformer_corner)) >> 32) as i32;
            integral = integral.saturating_add(gained) - (integral >> 12);
            *sample = (fine + (integral >> 3)).clamp(-LIMIT, LIMIT - 1);
        });
        self.integral = integral;
        room < 0
    }

    /// Resamples the cycle from `start` on, of points `spacing` apart, into `wave`, and correlates it
    /// with `other`.
    pub(super) fn measure(
        &self,
        start: Position,
        spacing: u32,
        other: &Wave,
        other_mean: i64,
        wave: &mut Wave,
    ) -> Moments {
        let start = start.wrapping_sub(self.calibration.delay.cast_unsigned());
        self.ring.resample(start, spacing, wave);
        // A loop of its own: both together need more registers than there are.
        let (mut sum, mut squares, mut products) = (0i32, 0i64, 0i64);
        for (value, other) in wave.iter().zip(other) {
            // Sixteenths keep the sum of a cycle within 32 bits.
            sum += value >> 4;
            squares += i64::from(*value) * i64::from(*value);
            products += i64::from(*value) * i64::from(*other);
        }
        let points = POINTS as i64;
        let mean = i64::from(sum) * 16 / points;
        let variance = (squares / points - mean * mean).max(0).cast_unsigned();
        Moments {
            mean,
            variance: variance.saturating_sub(u64::from(self.calibration.noise_square)),
            covariance: products / points - mean * other_mean,
        }
    }
}
