//! One current input over one cycle: what protection looks at.

use super::calibration::Calibration;
use super::cycle_clock::frequency_of;
use super::harmonics::Harmonics;
use super::reading::Reading;
use super::sums::{Powers, Squares};
use super::{POINTS, Wave};
use crate::units::{MilliAmps, MilliVolts};

/// One current input over one cycle.
#[derive(Clone, Copy)]
pub struct CurrentCycle<'a> {
    /// Index of the input in the wiring.
    pub current: usize,
    /// The voltage of its phase, point by point, fine counts.
    pub voltage_wave: &'a Wave,
    /// The current, fine counts; point by point at the same instants.
    pub current_wave: &'a Wave,
    /// Harmonics of the current.
    pub harmonics: Harmonics,
    /// Active power, µW.
    pub power_uw: i64,
    /// Calibration of the voltage, for scales.
    pub volts: &'a Calibration,
    /// Calibration of the current, for scales.
    pub amperes: &'a Calibration,
    /// Whether the clock is on the mains' cycles and nothing was clipped: else the wave must not be
    /// compared with others.
    pub sound: bool,
    /// A sample of the voltage or the current was clipped.
    pub(super) clipped: bool,
    /// Mean squares of voltage and current, fine counts².
    pub(super) voltage_square: u64,
    pub(super) current_square: u64,
    /// Reactive power of the fundamental, µvar.
    pub(super) reactive_uvar: i64,
    /// Length, 2^-24 samples.
    pub(super) period: u32,
}

impl<'a> CurrentCycle<'a> {
    /// A cycle of exactly one period that came without samples: a simulation's. Waves without a direct part,
    /// of at most two full scales (2^27 fine counts).
    #[must_use]
    pub fn simulated(
        current: usize,
        (voltage_wave, volts): (&'a Wave, &'a Calibration),
        (current_wave, amperes): (&'a Wave, &'a Calibration),
        duration_us: u32,
    ) -> Self {
        let mean = |one: &Wave, other: &Wave| {
            let products = one.iter().zip(other).map(|(one, other)| i64::from(*one) * i64::from(*other));
            products.sum::<i64>() / POINTS as i64
        };
        Self {
            current,
            voltage_wave,
            current_wave,
            harmonics: Harmonics::of(current_wave),
            power_uw: volts.product_micro(amperes, mean(voltage_wave, current_wave)),
            volts,
            amperes,
            sound: true,
            clipped: false,
            voltage_square: mean(voltage_wave, voltage_wave).unsigned_abs(),
            current_square: mean(current_wave, current_wave).unsigned_abs(),
            // For readings, which a simulation does not take of a cycle.
            reactive_uvar: 0,
            period: ((u64::from(duration_us) << 26) / 625).min(u64::from(u32::MAX)) as u32,
        }
    }

    /// The cycle in physical units. Takes the voltage's harmonics and a dozen square roots: for those who need
    /// it.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let voltage = Squares::of(self.voltage_square, &Harmonics::of(self.voltage_wave), self.clipped);
        let current = Squares::of(self.current_square, &self.harmonics, self.clipped);
        let powers = Powers::of(self.power_uw, self.reactive_uvar);
        let frequency_mhz = frequency_of(u64::from(self.period), 1);
        Reading::new((&voltage, self.volts), (&current, self.amperes), &powers, frequency_mhz)
    }

    /// Length of the cycle, µs.
    #[must_use]
    pub const fn duration_us(&self) -> u32 {
        // 10^6 / 6400 / 2^24 without a division.
        ((self.period as u64 * 625) >> 26) as u32
    }

    /// Current r.m.s., within 0.002 %.
    #[must_use]
    pub const fn current(&self) -> MilliAmps {
        MilliAmps(self.amperes.root_milli(self.current_square))
    }

    /// Voltage of its phase r.m.s., within 0.002 %.
    #[must_use]
    pub const fn voltage(&self) -> MilliVolts {
        MilliVolts(self.volts.root_milli(self.voltage_square))
    }
}
