//! What a cycle of one channel adds up to, and a second of such cycles.

use super::harmonics::{Harmonics, ORDERS};

/// Mean squares of one channel, added over cycles; fine counts². Each is below 2^57, so that a second of them fits
/// into 64 bits with room to spare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Squares {
    cycles: u32,
    total: u64,
    harmonics: [u64; ORDERS.len()],
    pub(super) clipped: bool,
}

impl Squares {
    pub(super) fn of(mean_square: u64, harmonics: &Harmonics, clipped: bool) -> Self {
        let squares = harmonics.0.map(super::Phasor::mean_square);
        Self { cycles: 1, total: mean_square, harmonics: squares, clipped }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.cycles += other.cycles;
        self.total += other.total;
        for (sum, square) in self.harmonics.iter_mut().zip(other.harmonics) {
            *sum += square;
        }
        self.clipped |= other.clipped;
    }

    /// Mean square over the cycles.
    pub(super) const fn mean(&self) -> u64 {
        self.over_cycles(self.total)
    }

    /// Mean square of the harmonic at `index` of the orders.
    pub(super) const fn harmonic(&self, index: usize) -> u64 {
        self.over_cycles(self.harmonics[index])
    }

    const fn over_cycles(&self, sum: u64) -> u64 {
        // One cycle is what protection looks at fifty times a second, and a division of 64 bits is dear.
        match self.cycles {
            0 => 0,
            1 => sum,
            cycles => sum / cycles as u64,
        }
    }
}

/// Powers of one current input, added over cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Powers {
    cycles: u32,
    active_uw: i64,
    reactive_uvar: i64,
}

impl Powers {
    pub(super) const fn of(active_uw: i64, reactive_uvar: i64) -> Self {
        Self { cycles: 1, active_uw, reactive_uvar }
    }

    pub(super) const fn add(&mut self, other: &Self) {
        self.cycles += other.cycles;
        self.active_uw += other.active_uw;
        self.reactive_uvar += other.reactive_uvar;
    }

    pub(super) const fn active_uw(&self) -> i64 {
        if self.cycles == 0 { 0 } else { self.active_uw / self.cycles as i64 }
    }

    pub(super) const fn reactive_uvar(&self) -> i64 {
        if self.cycles == 0 { 0 } else { self.reactive_uvar / self.cycles as i64 }
    }
}
