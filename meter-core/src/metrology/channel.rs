//! One input: the correction and the sums of its cycles.

use super::calibration::Calibration;
use super::harmonics::Spectrum;
use super::samples::{Position, SAMPLE, Samples, times};
use super::{FINE_BITS, POINTS, Wave};

/// The transformer's sum is held within this once a cycle, so that no cycle of any samples can overflow it.
const INTEGRAL_LIMIT: i32 = 1 << 27;

/// One input.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) calibration: Calibration,
    /// Sum of the signal for the transformer's correction, in eighths of a fine count; leaks with a time
    /// constant of 0.64 s.
    integral: i32,
}

/// Sums of one resampled cycle.
#[derive(Clone, Copy, Default)]
pub(super) struct Moments {
    pub(super) spectrum: Spectrum,
    /// Mean square about the mean, fine counts².
    pub(super) variance: u64,
    /// Mean product with the other wave, each about its mean, fine counts².
    pub(super) covariance: i64,
    /// A sample was at the end of the range.
    pub(super) clipped: bool,
}

/// Sums over the points of a cycle.
#[derive(Clone, Copy, Default)]
struct Sums {
    squares: i64,
    products: i64,
    /// Every bit that is set in the magnitude of one of some points.
    magnitudes: i32,
}

impl Channel {
    pub(super) const fn new(calibration: Calibration) -> Self {
        Self { calibration, integral: 0 }
    }

    /// Resamples the cycle from `start` on, of points `spacing` apart, of channel `number` into `wave`, and
    /// correlates it with another of a known mean. Loops that fit into the target's registers.
    pub(super) fn measure<const ROW: usize>(
        &mut self,
        (samples, number): (&Samples<ROW>, usize),
        (start, spacing): (Position, u32),
        other: Option<(&Wave, i64)>,
        wave: &mut Wave,
    ) -> Moments {
        let start = start.wrapping_sub(self.calibration.delay.cast_unsigned());
        samples.read(number, start.wrapping_sub(SAMPLE / 2), spacing, wave);
        self.correct(spacing, wave);
        let spectrum = Spectrum::of(wave);
        let sums = match other {
            Some((other, _)) => Sums::of_pair(wave, other),
            None => Sums::of(wave),
        };
        let mean = spectrum.mean;
        let other_mean = other.map_or(0, |(_, mean)| mean);
        let points = POINTS as i64;
        let variance = (sums.squares / points - mean * mean).max(0).cast_unsigned();
        Moments {
            spectrum,
            variance: variance.saturating_sub(u64::from(self.calibration.noise_square)),
            covariance: sums.products / points - mean * other_mean,
            clipped: self.clipped((samples, number), (start, spacing), sums.magnitudes),
        }
    }

    /// Whether a sample of the cycle was clipped. The samples are looked through only if the points come near;
    /// what was summed up over a clipped half-wave is forgotten, for it would take a second to leak away.
    fn clipped<const ROW: usize>(
        &mut self,
        (samples, number): (&Samples<ROW>, usize),
        (start, spacing): (Position, u32),
        magnitudes: i32,
    ) -> bool {
        let limit = (self.calibration.clip << FINE_BITS) - 1;
        if magnitudes < limit >> 1 {
            return false;
        }
        let end = start.wrapping_add(spacing * POINTS as u32);
        let clipped = samples.exceeds(number, (start >> 24) as u8, (end >> 24) as u8, limit);
        if clipped {
            self.integral = 0;
        }
        clipped
    }

    /// Takes the offset off, and adds what the transformer's magnetising current took away.
    fn correct(&mut self, spacing: u32, wave: &mut Wave) {
        let offset = self.calibration.offset << FINE_BITS;
        if self.calibration.transformer_corner != 0 {
            self.undo_transformer(spacing, offset, wave);
        } else if offset != 0 {
            wave.iter_mut().for_each(|slot| *slot -= offset);
        }
    }

    fn undo_transformer(&mut self, spacing: u32, offset: i32, wave: &mut Wave) {
        // The corner is that of a sample; a point is `spacing` of them. The box keeps the compiler from
        // multiplying 64 bits for every point.
        let corner = (i64::from(self.calibration.transformer_corner) * i64::from(spacing)) >> 24;
        let corner = core::hint::black_box(corner as i32);
        let mut before = self.integral.clamp(-INTEGRAL_LIMIT, INTEGRAL_LIMIT);
        for slot in wave {
            let sensed = *slot - offset;
            let after = before + times(sensed, corner);
            *slot = sensed + ((before + after) >> 4);
            before = after - (after >> 12);
        }
        self.integral = before;
    }
}

impl Sums {
    fn of(wave: &Wave) -> Self {
        let mut sums = Self::default();
        for [one, other] in wave.as_chunks().0 {
            sums.add_squares(*one, *other);
        }
        sums
    }

    fn of_pair(wave: &Wave, other: &Wave) -> Self {
        let mut sums = Self::default();
        for (values, others) in wave.as_chunks::<2>().0.iter().zip(other.as_chunks::<2>().0) {
            sums.add_squares(values[0], values[1]);
            sums.products += i64::from(values[0]) * i64::from(others[0]);
            sums.products += i64::from(values[1]) * i64::from(others[1]);
        }
        sums
    }

    /// Every other magnitude says enough of how loud a cycle is: what is before a converter passes no single
    /// sample.
    #[inline(always)]
    fn add_squares(&mut self, one: i32, other: i32) {
        self.squares += i64::from(one) * i64::from(one);
        self.squares += i64::from(other) * i64::from(other);
        self.magnitudes |= one ^ (one >> 31);
    }
}
