//! The last 256 sample sets, and reading one channel of them between two samples.

use super::wiring::{SampleSet, VOLTAGES};
use super::{FINE_BITS, Wave};

/// A point in time: the number of the sample in the top 8 bits, the fraction in the other 24. It wraps where the
/// samples do.
pub(super) type Position = u32;

/// One sample, as a distance between positions.
pub(super) const SAMPLE: u32 = 1 << 24;

/// Sample sets that are kept.
const LENGTH: usize = 256;
/// The first two again after the last, so that three in a row can always be read.
const MIRRORED: usize = 2;
/// Full scale in fine counts.
const FULL_SCALE: i32 = 1 << 26;

/// The samples in fine counts, one row a set: as many inputs as are fitted, voltages first.
#[derive(Clone)]
pub(super) struct Samples<const ROW: usize>([[i32; ROW]; LENGTH + MIRRORED]);

impl<const ROW: usize> Samples<ROW> {
    pub(super) const EMPTY: Self = Self([[0; ROW]; LENGTH + MIRRORED]);

    /// Puts a set in. Counts that no converter of 24 bits gives become nonsense within its range: no sum overflows.
    #[inline]
    pub(super) fn set(&mut self, number: u8, set: &SampleSet) {
        let row = &mut self.0[usize::from(number)];
        let (voltages, currents) = row.split_at_mut(VOLTAGES);
        for (slot, value) in voltages.iter_mut().zip(&set.voltages) {
            *slot = fine(*value);
        }
        for (slot, value) in currents.iter_mut().zip(&set.currents) {
            *slot = fine(*value);
        }
        if usize::from(number) < MIRRORED {
            self.0[LENGTH + usize::from(number)] = *row;
        }
    }

    /// Whether a sample of `from..to` of a channel is beyond `limit` on either side.
    pub(super) fn exceeds(&self, channel: usize, from: u8, to: u8, limit: i32) -> bool {
        let (from, to) = (usize::from(from), usize::from(to));
        let (first, second) = if from <= to { (from..to, 0..0) } else { (from..LENGTH, 0..to) };
        let beyond = |rows: &[[i32; ROW]]| {
            // Negative once a magnitude was.
            let room = |room: i32, row: &[i32; ROW]| {
                let sample = row[channel];
                room | limit.wrapping_sub(sample ^ (sample >> 31))
            };
            rows.iter().fold(0, room) < 0
        };
        beyond(&self.0[second]) || beyond(&self.0[first])
    }

    /// Reads a channel at points `spacing` apart from half a sample after `position` on, into `wave`: on the parabola through the three nearest samples. Its error grows with the third power
    /// of the frequency: 10^-5 of the fundamental, 0.3 % of the seventh harmonic.
    ///
    /// Points and samples are nearly the same distance apart, so for a run of points each lies one sample further
    /// than the one before, at a fraction that moves slowly. Only between runs is a place to be found.
    #[inline]
    pub(super) fn read(&self, channel: usize, position: Position, spacing: u32, wave: &mut Wave) {
        let moves = (spacing.wrapping_sub(SAMPLE) << 8).cast_signed();
        let (mut position, mut rest) = (position, &mut wave[..]);
        while !rest.is_empty() {
            let first = (position >> 24) as usize;
            let fraction = position << 8;
            // Until the fraction wraps, or the samples do.
            let steady = if moves >= 0 { u32::MAX - fraction } else { fraction };
            let points = steady.checked_div(moves.unsigned_abs()).map_or(LENGTH, |steps| steps as usize + 1);
            let points = points.min(LENGTH - first).min(rest.len());
            let (run, after) = rest.split_at_mut(points);
            let Some(rows) = self.0.get(first..first + points + MIRRORED) else { return };
            // Signed distance from the middle one, half a sample being 2^31.
            read_run(rows, channel, fraction.cast_signed() ^ i32::MIN, moves, run);
            position = position.wrapping_add(spacing.wrapping_mul(points as u32));
            rest = after;
        }
    }
}

#[inline(always)]
fn fine(count: i32) -> i32 {
    (count << FINE_BITS).clamp(-FULL_SCALE, FULL_SCALE - 1)
}

/// Reads points of which each is one row further than the one before, and `moves` further off its middle row.
#[inline(always)]
fn read_run<const ROW: usize>(rows: &[[i32; ROW]], channel: usize, off: i32, moves: i32, run: &mut [i32]) {
    let [before, here, rows @ ..] = rows else { return };
    let (mut here, mut fall, mut off) = (here[channel], here[channel] - before[channel], off);
    for (slot, row) in run.iter_mut().zip(rows) {
        let after = row[channel];
        let rise = after - here;
        let (twice_slope, twice_bend) = (rise + fall, rise - fall);
        *slot = here + (times(twice_slope + times(twice_bend, off), off) >> 1);
        // Within a run nothing overflows, and a sum that saturates is one that the compiler keeps in a register.
        off = off.saturating_add(moves);
        (here, fall) = (after, rise);
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
    use crate::metrology::POINTS;
    use proptest::prelude::*;

    fn position(at: f64) -> Position {
        ((at - 0.5) * f64::from(SAMPLE)) as i64 as Position
    }

    /// Sets with `of` in every channel.
    fn samples(of: impl Fn(u8) -> i32) -> Samples<28> {
        let mut samples = Samples::<28>::EMPTY;
        for number in 0..=255 {
            let value = of(number);
            samples.set(number, &SampleSet { voltages: [value; _], currents: [value; _] });
        }
        samples
    }

    fn read(samples: &Samples<28>, at: f64, spacing: f64) -> Wave {
        let mut wave = [0; POINTS];
        samples.read(5, position(at), (spacing * f64::from(SAMPLE)) as u32, &mut wave);
        wave
    }

    #[test]
    fn reading_goes_over_the_end_of_the_samples() {
        let samples = samples(|number| match number {
            254 => 0,
            255 => 1000,
            0 => 2000,
            1 => 3000,
            _ => 9,
        });
        for (at, expected) in [(255.5, 1500), (256.0, 2000), (255.0, 1000)] {
            assert_eq!(read(&samples, at, 1.0)[0], expected * 8);
        }
        let beyond = |from, to, limit| samples.exceeds(0, from, to, limit);
        assert!(beyond(250, 2, 23_999) && !beyond(250, 2, 24_000) && !beyond(250, 1, 23_999));
    }

    #[test]
    fn what_is_no_count_is_held_within_the_range() {
        let wild = samples(|number| if number % 2 == 0 { -(1 << 27) } else { 1 << 27 });
        let wave = read(&wild, 3.5, 1.0);
        assert!(wave.iter().all(|value| value.unsigned_abs() <= 9 << 23), "{wave:?}");
        assert!(wild.exceeds(0, 0, 1, (1 << 26) - 2));
    }

    proptest! {
        /// Wherever a cycle begins and however long it is.
        #[test]
        fn parabolas_are_read_exactly_between_samples(start in 2.0f64..255.0, spacing in 0.80f64..1.21) {
            // Numbers before the start are those after the wrap.
            let unwrapped = |number: f64| if number < start - 2.0 { number + 256.0 } else { number };
            let parabola = |t: f64| 3.0 * (t - 200.0) * (t - 200.0) - 700.0 * t;
            let samples = samples(|number| parabola(unwrapped(f64::from(number))) as i32);
            for (point, value) in read(&samples, start, spacing).iter().enumerate() {
                let at = start + spacing * point as f64;
                prop_assert!((f64::from(*value) / 8.0 - parabola(at)).abs() < 1.0, "{at}: {value}");
            }
        }
    }
}
