//! The last 256 samples of a channel, and reading between them.

use super::Wave;

/// A point in a ring: the sample number in the top 8 bits, the fraction in the other 24. It wraps where
/// the ring does.
pub(super) type Position = u32;

/// One sample, as a distance between positions.
pub(super) const SAMPLE: u32 = 1 << 24;

/// Samples in the ring.
const LENGTH: usize = 256;
/// The first two again after the last, so that three in a row can always be read.
const MIRRORED: usize = 2;

/// The last 256 samples.
#[derive(Clone)]
pub(super) struct Ring([i32; LENGTH + MIRRORED]);

impl Ring {
    pub(super) const EMPTY: Self = Self([0; LENGTH + MIRRORED]);

    /// Puts a sample in. It can be read between only after [`Self::change`] went over it.
    #[inline]
    pub(super) const fn set(&mut self, sample: u8, value: i32) {
        self.0[sample as usize] = value;
    }

    /// Changes the samples `from..to` in order.
    #[inline]
    pub(super) fn change(&mut self, from: u8, to: u8, mut change: impl FnMut(&mut i32)) {
        let (from, to) = (usize::from(from), usize::from(to));
        if from <= to {
            self.0[from..to].iter_mut().for_each(change);
        } else {
            self.0[from..LENGTH].iter_mut().for_each(&mut change);
            self.0[..to].iter_mut().for_each(change);
        }
        self.0.copy_within(..MIRRORED, LENGTH);
    }

    /// Reads [`POINTS`](super::POINTS) equally spaced points from `start`, `spacing` apart, into `wave`.
    #[inline]
    pub(super) fn resample(&self, start: Position, spacing: u32, wave: &mut Wave) {
        // Counted from the middle between the sample before the nearest and the nearest.
        let mut position = start.wrapping_sub(SAMPLE / 2);
        for slot in wave {
            *slot = self.between(position);
            position = position.wrapping_add(spacing);
        }
    }

    /// The parabola through the three samples nearest to half a sample after `position`. Its error grows
    /// with the third power of the frequency: 10^-5 of the fundamental, 0.3 % of the seventh harmonic.
    #[inline]
    pub(super) fn between(&self, position: Position) -> i32 {
        let first = (position >> 24) as u8 as usize;
        // Signed distance from the middle one, half a sample being 2^31.
        let off = (position << 8).cast_signed() ^ i32::MIN;
        let (before, here, after) = (self.0[first], self.0[first + 1], self.0[first + 2]);
        let twice_slope = after - before;
        let twice_bend = after + before - 2 * here;
        here + (times(twice_slope + times(twice_bend, off), off) >> 1)
    }
}

/// `value` × `fraction` / 2^32: one instruction on the target.
#[inline]
const fn times(value: i32, fraction: i32) -> i32 {
    ((value as i64 * fraction as i64) >> 32) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_read_exactly_between_samples() {
        let parabola = |t: f64| 3.0 * t * t - 700.0 * t + 100_000.0;
        let mut ring = Ring::EMPTY;
        for sample in 0..=255u8 {
            ring.set(sample, parabola(f64::from(sample)) as i32);
        }
        ring.change(0, 0, |_| {});
        for position in [10.0, 10.25, 10.5, 77.75, 120.999, 200.001] {
            let read = ring.between(((position - 0.5) * f64::from(SAMPLE)) as u32);
            assert!((f64::from(read) - parabola(position)).abs() < 2.0, "{position}: {read}");
        }
    }

    #[test]
    fn reading_goes_over_the_end_of_the_ring() {
        let mut ring = Ring::EMPTY;
        ring.set(255, 1000);
        ring.set(0, 2000);
        ring.set(1, 3000);
        ring.change(0, 0, |_| {});
        let mut wave = [0; super::super::POINTS];
        ring.resample(255 * SAMPLE + SAMPLE / 2, SAMPLE / 2, &mut wave);
        assert_eq!(wave[..2], [1500, 2000]);
    }
}
