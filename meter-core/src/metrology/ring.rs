//! The last 256 samples of a channel, and reading between two of them.

/// A point in a ring: the number of the sample in the top 8 bits, the fraction in the other 24. It wraps
/// where the ring does.
pub(super) type Position = u32;

/// One sample, as a distance between positions.
pub(super) const SAMPLE: u32 = 1 << 24;

/// Samples in the ring.
const LENGTH: usize = 256;
/// The first two again after the last, so that three in a row can always be read.
const MIRRORED: usize = 2;

/// The last 256 samples, fine counts.
#[derive(Clone)]
pub(super) struct Ring([i32; LENGTH + MIRRORED]);

impl Ring {
    pub(super) const EMPTY: Self = Self([0; LENGTH + MIRRORED]);

    /// Puts a sample in. [`Self::mirror`] must follow for the first ones.
    #[inline]
    pub(super) const fn set(&mut self, number: u8, sample: i32) {
        self.0[number as usize] = sample;
    }

    /// Repeats the first samples after the last, once they are there.
    #[inline]
    pub(super) fn mirror(&mut self) {
        self.0.copy_within(..MIRRORED, LENGTH);
    }

    /// Whether a sample of `from..to` is beyond `limit` on either side.
    pub(super) fn exceeds(&self, from: u8, to: u8, limit: i32) -> bool {
        let (from, to) = (usize::from(from), usize::from(to));
        let (first, second) = if from <= to { (from..to, 0..0) } else { (from..LENGTH, 0..to) };
        // Negative once a sample was.
        let room = |room: i32, sample: &i32| room | limit.wrapping_sub(*sample) | limit.wrapping_add(*sample);
        self.0[second].iter().fold(self.0[first].iter().fold(0, room), room) < 0
    }

    /// The parabola through the three samples nearest to half a sample after `position`. Its error grows with
    /// the third power of the frequency: 10^-5 of the fundamental, 0.3 % of the seventh harmonic.
    #[inline]
    pub(super) const fn between(&self, position: Position) -> i32 {
        let first = (position >> 24) as u8 as usize;
        // Signed distance from the middle one, half a sample being 2^31.
        let off = (position << 8).cast_signed() ^ i32::MIN;
        let (before, here, after) = (self.0[first], self.0[first + 1], self.0[first + 2]);
        let twice_slope = after.wrapping_sub(before);
        let twice_bend = after.wrapping_add(before).wrapping_sub(here << 1);
        here.wrapping_add(times(twice_slope.wrapping_add(times(twice_bend, off)), off) >> 1)
    }
}

/// `value` × `fraction` / 2^32: one instruction on the target.
#[inline]
pub(super) const fn times(value: i32, fraction: i32) -> i32 {
    ((value as i64 * fraction as i64) >> 32) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(at: f64) -> Position {
        ((at - 0.5) * f64::from(SAMPLE)) as Position
    }

    #[test]
    fn parabolas_are_read_exactly_between_samples() {
        let parabola = |t: f64| 3.0 * t * t - 700.0 * t + 100_000.0;
        let mut ring = Ring::EMPTY;
        for sample in 0..=255u8 {
            ring.set(sample, parabola(f64::from(sample)) as i32);
        }
        for at in [10.0, 10.25, 10.5, 77.75, 120.999, 200.001] {
            let read = ring.between(position(at));
            assert!((f64::from(read) - parabola(at)).abs() < 2.0, "{at}: {read}");
        }
    }

    #[test]
    fn reading_goes_over_the_end_of_the_ring() {
        let mut ring = Ring::EMPTY;
        for (number, value) in [(254, 0), (255, 1000), (0, 2000), (1, 3000)] {
            ring.set(number, value);
        }
        ring.mirror();
        assert_eq!(ring.between(position(255.5)), 1500);
        assert_eq!(ring.between(position(256.0)), 2000);
        assert_eq!(ring.between(position(255.0)), 1000);
        assert!(ring.exceeds(250, 2, 2999) && !ring.exceeds(250, 2, 3000) && !ring.exceeds(250, 1, 2999));
    }
}
