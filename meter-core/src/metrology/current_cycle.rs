//! One current input over one cycle: what protection looks at.

use super::calibration::Calibration;
use super::cycle_clock::frequency_of;
use super::harmonics::Harmonics;
use super::reading::Reading;
use super::sums::{Powers, Squares};
use super::{POINTS, Wave};

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
    pub(super) voltage: Squares,
    pub(super) squares: Squares,
    pub(super) powers: Powers,
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
        let squares = |wave: &Wave, harmonics: &Harmonics| {
            Squares::of(mean(wave, wave).unsigned_abs(), harmonics, false)
        };
        let harmonics = Harmonics::of(current_wave);
        let power_uw = volts.product_micro(amperes, mean(voltage_wave, current_wave));
        // Reactive power is for readings, which a simulation does not take of a cycle.
        let powers = Powers::of(power_uw, 0);
        Self {
            current,
            voltage_wave,
            current_wave,
            harmonics,
            power_uw,
            volts,
            amperes,
            sound: true,
            voltage: squares(voltage_wave, &Harmonics::of(voltage_wave)),
            squares: squares(current_wave, &harmonics),
            powers,
            period: ((u64::from(duration_us) << 26) / 625).min(u64::from(u32::MAX)) as u32,
        }
    }

    /// The cycle in physical units. Takes a dozen square roots: for those who need it.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let frequency_mhz = frequency_of(u64::from(self.period), 1);
        Reading::new((&self.voltage, self.volts), (&self.squares, self.amperes), &self.powers, frequency_mhz)
    }

    /// Length of the cycle, µs.
    #[must_use]
    pub const fn duration_us(&self) -> u32 {
        // 10^6 / 6400 / 2^24 without a division.
        ((self.period as u64 * 625) >> 26) as u32
    }

    /// Current, µA r.m.s.
    #[must_use]
    pub const fn current_ua(&self) -> u32 {
        self.amperes.root_micro(self.squares.mean())
    }

    /// Voltage of its phase, µV r.m.s.
    #[must_use]
    pub const fn voltage_uv(&self) -> u32 {
        self.volts.root_micro(self.voltage.mean())
    }
}
