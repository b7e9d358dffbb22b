//! Loads that pulse: induction cookers and burst-fired heaters, switched every few half-waves, or every
//! few seconds.

use super::step::{Step, Sums};
use crate::metrology::{Calibration, POINTS, Wave};

/// Half-waves that are looked at together: half a second at 50 Hz.
pub const HALVES: usize = 48;

/// Half-waves on, and as many off, that make a pulsing load.
const ENOUGH: usize = 8;
/// Changes between on and off among the half-waves.
const CHANGES: usize = 6;
/// Power factor of the half-waves on, thousandths: a cooker's rectifier has hardly any capacitor.
const ON_POWER_FACTOR: u16 = 900;

/// A half-wave of what was added to the settled load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Half {
    power_mw: i32,
    /// √(1 − PF²), thousandths.
    residual: u16,
}

/// The half-waves since the load began to change.
#[derive(Clone, Debug)]
pub struct Halves {
    halves: [Half; HALVES],
    count: usize,
}

/// A pulsing load that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulsing {
    /// Mean power above what does not pulse, mW.
    pub mean_mw: i32,
    /// Power while on above what does not pulse, mW.
    pub on_mw: i32,
    /// Mean residual of the half-waves on, thousandths.
    pub residual: u16,
}

impl Halves {
    /// None yet.
    pub const EMPTY: Self = Self { halves: [Half { power_mw: 0, residual: 0 }; HALVES], count: 0 };

    /// Whether enough were seen to judge.
    #[must_use]
    pub const fn full(&self) -> bool {
        self.count == HALVES
    }

    /// Forgets all.
    pub const fn clear(&mut self) {
        self.count = 0;
    }

    /// Takes the two halves of a cycle of what was added.
    pub fn add(&mut self, voltage: &Wave, volts: &Calibration, added: &Wave, amperes: &Calibration) {
        let (rising, falling) = (0..POINTS / 2, POINTS / 2..POINTS);
        for half in [rising, falling] {
            let sums = Sums::of(&voltage[half.clone()], &added[half]);
            if let Some(slot) = self.halves.get_mut(self.count) {
                *slot = Half { power_mw: sums.power_mw(volts, amperes), residual: sums.residual() };
                self.count += 1;
            }
        }
    }

    /// Whether they show a load that pulses between nothing and one power.
    #[must_use]
    pub fn pulsing(&self) -> Option<Pulsing> {
        let seen = &self.halves[..self.count];
        // Something steady may have been switched on with it: the lowest half-waves are the pulses' ground.
        let low_mw = i64::from(seen.iter().map(|half| half.power_mw).min()?);
        let swing_mw = i64::from(seen.iter().map(|half| half.power_mw).max()?) - low_mw;
        let limit_residual = residual_of(ON_POWER_FACTOR);
        let (mut on, mut off, mut changes, mut was_on) = (0, 0, 0, None);
        let (mut sum_mw, mut on_mw, mut residuals) = (0i64, 0i64, 0u64);
        for half in seen {
            let power_mw = i64::from(half.power_mw) - low_mw;
            sum_mw += power_mw;
            let is_on = match power_mw {
                power if power * 10 >= swing_mw * 6 && half.residual <= limit_residual => true,
                power if power * 10 <= swing_mw * 3 => false,
                _ => continue,
            };
            if is_on {
                (on, on_mw, residuals) = (on + 1, on_mw + power_mw, residuals + u64::from(half.residual));
            } else {
                off += 1;
            }
            changes += usize::from(was_on.is_some_and(|was_on| was_on != is_on));
            was_on = Some(is_on);
        }
        if on < ENOUGH || off < ENOUGH || changes < CHANGES {
            return None;
        }
        Some(Pulsing {
            mean_mw: i32::try_from(sum_mw / seen.len() as i64).unwrap_or(i32::MAX),
            on_mw: i32::try_from(on_mw / on as i64).unwrap_or(i32::MAX),
            residual: (residuals / on as u64) as u16,
        })
    }
}

/// √(1 − PF²) in thousandths.
const fn residual_of(power_factor: u16) -> u16 {
    (1_000_000 - power_factor as u32 * power_factor as u32).isqrt() as u16
}

/// Equal steps up and down within seconds: an induction cooker at a low setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bursts {
    power_mw: i32,
    times: u8,
    since_ms: u32,
}

/// Bursts of one power that make a pulsing load.
const BURSTS: u8 = 4;
/// From one burst to the next at most, ms.
const BURST_PAUSE_MS: u32 = 6000;
/// A burst's residual, thousandths: power factor 0.97.
const BURST_RESIDUAL: u16 = 245;

impl Bursts {
    /// None yet.
    pub const NONE: Self = Self { power_mw: 0, times: 0, since_ms: 0 };

    /// Lets time pass.
    pub const fn tick(&mut self, elapsed_ms: u32) {
        self.since_ms = self.since_ms.saturating_add(elapsed_ms);
        if self.since_ms > BURST_PAUSE_MS {
            self.times = 0;
        }
    }

    /// Takes a step upwards; returns whether it was one burst too many.
    pub fn add(&mut self, step: &Step) -> bool {
        if step.power_mw <= 0 || step.residual > BURST_RESIDUAL {
            return false;
        }
        let same = step.power_mw.abs_diff(self.power_mw) <= self.power_mw.unsigned_abs() / 6;
        self.times = if same && self.times > 0 { self.times.saturating_add(1) } else { 1 };
        (self.power_mw, self.since_ms) = (step.power_mw, 0);
        self.times >= BURSTS
    }
}
