//! The last 256 samples of a channel, and reading between them.

use super::{POINTS, Wave};

/// A point in a ring: the sample number in the top 8 bits, the fraction in the other 24. It wraps where
/// the ring does.
pub(super) type Position = u32;

/// One sample, as a distance between positions.
pub(super) const SAMPLE: u32 = 1 << 24;

/// The last 256 samples.
#[derive(Clone)]
pub(super) struct Ring([i32; 256]);

impl Ring {
    pub(super) const EMPTY: Self = Self([0; 256]);

    pub(super) const fn set(&mut self, sample: u8, value: i32) {
        self.0[sample as usize] = value;
    }

    pub(super) const fn get(&self, sample: u8) -> i32 {
        self.0[sample as usize]
    }

    /// Reads [`POINTS`] equally spaced points from `start`, `spacing` apart, hands each to `each`, and
    /// keeps them in `wave`.
    pub(super) fn resample(
        &self,
        start: Position,
        spacing: u32,
        wave: &mut Wave,
        mut each: impl FnMut(usize, i32),
    ) {
        let mut position = start;
        for (point, slot) in wave.iter_mut().enumerate().take(POINTS) {
            *slot = self.between(position);
            each(point, *slot);
            position = position.wrapping_add(spacing);
        }
    }

    /// The parabola through the three nearest samples. Its error grows with the third power of the
    /// frequency: 10^-5 of the fundamental, 0.3 % of the seventh harmonic.
    fn between(&self, position: Position) -> i32 {
        let nearest = (position.wrapping_add(SAMPLE / 2) >> 24) as u8;
        // Signed distance from the nearest sample, half a sample being 2^31.
        let off = (position << 8).cast_signed();
        let before = self.get(nearest.wrapping_sub(1));
        let here = self.get(nearest);
        let after = self.get(nearest.wrapping_add(1));
        let twice_slope = after - before;
        let twice_bend = (after - here) + (before - here);
        here + times(twice_slope + times(twice_bend, off), off) / 2
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
        for position in [10.0, 10.25, 10.5, 77.75, 120.999, 200.001] {
            let read = ring.between((position * f64::from(SAMPLE)) as u32);
            assert!((f64::from(read) - parabola(position)).abs() < 2.0, "{position}: {read}");
        }
    }

    #[test]
    fn reading_goes_over_the_end_of_the_ring() {
        let mut ring = Ring::EMPTY;
        ring.set(255, 1000);
        ring.set(0, 2000);
        ring.set(1, 3000);
        assert_eq!(ring.between(255 * SAMPLE + SAMPLE / 2), 1500);
    }
}
