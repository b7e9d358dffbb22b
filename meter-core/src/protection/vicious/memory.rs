//! What the detector remembers of a loop's waveforms.

use super::step::Sums;
use crate::metrology::{CurrentCycle, Harmonics, POINTS, Wave};
use core::ops::Range;

/// Cycles alike before a load counts as settled: 160 ms at 50 Hz, past the half-waves of a contact's
/// bounce and of a rectifier's charging.
pub(super) const SETTLED_CYCLES: u8 = 8;

/// One over so many cycles, in 2^-30.
const PARTS: [i32; SETTLED_CYCLES as usize + 1] = {
    let mut parts = [0; SETTLED_CYCLES as usize + 1];
    let mut cycles = 1;
    while cycles < parts.len() {
        parts[cycles] = (1 << 30) / cycles as i32;
        cycles += 1;
    }
    parts
};

/// `part` of a change, to four fine counts (7 µA of a full scale of 120 A): one multiplication instead of a division,
/// for this is done often.
const fn share(change: i32, part: i32) -> i32 {
    (((change as i64 * part as i64) >> 32) as i32) << 2
}

/// A waveform and what it has of harmonics, averaged over cycles.
#[derive(Clone, Debug)]
pub(super) struct Average {
    pub(super) wave: Wave,
    pub(super) harmonics: Harmonics,
    pub(super) cycles: u8,
}

impl Average {
    pub(super) const NONE: Self = Self { wave: [0; POINTS], harmonics: Harmonics::NONE, cycles: 0 };

    pub(super) fn begin(&mut self, cycle: &CurrentCycle) {
        (self.wave, self.harmonics, self.cycles) = (*cycle.current_wave, cycle.harmonics, 1);
    }

    /// Adds a cycle; after eight the oldest are forgotten gradually.
    pub(super) fn add(&mut self, cycle: &CurrentCycle) {
        self.cycles = (self.cycles + 1).min(SETTLED_CYCLES);
        let part = PARTS[usize::from(self.cycles)];
        for (mean, value) in self.wave.iter_mut().zip(cycle.current_wave) {
            *mean += share(value - *mean, part);
        }
        for (mean, value) in self.harmonics.0.iter_mut().zip(cycle.harmonics.0) {
            let change = value.minus(*mean);
            mean.cos += share(change.cos, part);
            mean.sin += share(change.sin, part);
        }
    }

    /// Mean square by which a cycle differs, fine counts².
    pub(super) fn distance(&self, harmonics: &Harmonics) -> u64 {
        self.harmonics.0.iter().zip(harmonics.0).map(|(mean, value)| value.minus(*mean).mean_square()).sum()
    }

    /// Mean square of what runs, fine counts².
    pub(super) fn running(&self) -> u64 {
        self.harmonics.0.iter().map(|phasor| phasor.mean_square()).sum()
    }

    pub(super) fn minus(&self, other: &Self) -> Wave {
        core::array::from_fn(|point| self.wave[point] - other.wave[point])
    }
}

/// A waveform to a few milliamperes, at a quarter of the memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sketch([i16; POINTS]);

impl Sketch {
    pub(super) const NONE: Self = Self([0; POINTS]);
    /// Fine counts in a step, as a power of two: 4096 are 7 mA of a full scale of 120 A.
    const BITS: u32 = 12;

    pub(super) fn of(wave: &Wave) -> Self {
        Self(wave.map(|value| (value >> Self::BITS) as i16))
    }

    /// `wave` less this one.
    pub(super) fn under(&self, wave: &Wave) -> Wave {
        core::array::from_fn(|point| wave[point] - (i32::from(self.0[point]) << Self::BITS))
    }
}

/// A half-wave of what was added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glimpse {
    pub(super) power_mw: i32,
    pub(super) residual: u16,
}

impl Glimpse {
    pub(super) fn of(cycle: &CurrentCycle, added: &Wave, half: Range<usize>) -> Self {
        let sums = Sums::of(&cycle.voltage_wave[half.clone()], &added[half]);
        Self { power_mw: sums.power_mw(cycle.volts, cycle.amperes), residual: sums.residual() }
    }
}
