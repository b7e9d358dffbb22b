//! What a cycle or a second of one current input reads in physical units.

use super::calibration::Calibration;
use super::harmonics::ORDERS;
use super::sums::{Powers, Squares};
use super::trig::{Angle, angle_of};
use crate::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor};

/// One current input with the voltage of its phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Voltage, µV r.m.s.
    pub voltage_uv: u32,
    /// Current, µA r.m.s.
    pub current_ua: u32,
    /// Active power with all harmonics, µW; negative when it flows back.
    pub power_uw: i64,
    /// Reactive power of the fundamental, µvar; positive when the current lags.
    pub reactive_uvar: i64,
    /// Mains frequency, mHz.
    pub frequency_mhz: u32,
    /// Voltage of each of the [`ORDERS`], µV r.m.s.
    pub voltage_harmonics_uv: [u32; ORDERS.len()],
    /// Current of each of the [`ORDERS`], µA r.m.s.
    pub current_harmonics_ua: [u32; ORDERS.len()],
    /// A sample of the voltage or the current was at the end of its range: too little was measured.
    pub clipped: bool,
}

impl Reading {
    pub(super) fn new(
        (voltage, volts): (&Squares, &Calibration),
        (current, amperes): (&Squares, &Calibration),
        powers: &Powers,
        frequency_mhz: u32,
    ) -> Self {
        Self {
            voltage_uv: volts.root_micro(voltage.mean()),
            current_ua: amperes.root_micro(current.mean()),
            power_uw: powers.active_uw(),
            reactive_uvar: powers.reactive_uvar(),
            frequency_mhz,
            voltage_harmonics_uv: core::array::from_fn(|order| volts.root_micro(voltage.harmonic(order))),
            current_harmonics_ua: core::array::from_fn(|order| amperes.root_micro(current.harmonic(order))),
            clipped: voltage.clipped || current.clipped,
        }
    }

    /// Apparent power, µVA.
    #[must_use]
    pub const fn apparent_uva(&self) -> u64 {
        (self.voltage_uv as u128 * self.current_ua as u128 / 1_000_000) as u64
    }

    /// Power factor: active over apparent power, with the sign of the active power.
    #[must_use]
    pub fn power_factor(&self) -> PowerFactor {
        let apparent = i128::from(self.apparent_uva());
        if apparent == 0 {
            return PowerFactor(0);
        }
        let thousandths = i128::from(self.power_uw) * 1000 / apparent;
        PowerFactor(i16::try_from(thousandths.clamp(-1000, 1000)).unwrap_or(0))
    }

    /// By how much the current's fundamental lags the voltage's.
    #[must_use]
    pub fn lag(&self) -> Angle {
        // The larger of the two within 31 bits; an angle needs no unit.
        let bits = self.power_uw.unsigned_abs().max(self.reactive_uvar.unsigned_abs()) | 1;
        let shift = 34u32.saturating_sub(bits.leading_zeros());
        let fit = |value: i64| i32::try_from(value >> shift).unwrap_or(0);
        angle_of(fit(self.power_uw), fit(self.reactive_uvar))
    }

    /// Voltage in the unit of the registers.
    #[must_use]
    pub const fn voltage(&self) -> MilliVolts {
        MilliVolts(self.voltage_uv.saturating_add(500) / 1000)
    }

    /// Current in the unit of the registers.
    #[must_use]
    pub const fn current(&self) -> MilliAmps {
        MilliAmps(self.current_ua.saturating_add(500) / 1000)
    }

    /// Active power in the unit of the registers, held within their range.
    #[must_use]
    pub fn power(&self) -> MilliWatts {
        let mw = self.power_uw.saturating_add(500).div_euclid(1000);
        MilliWatts(mw.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_quantities() {
        let reading = Reading {
            voltage_uv: 230_000_000,
            current_ua: 10_000_000,
            power_uw: -1_150_000_000,
            reactive_uvar: 1_991_858_000,
            ..Reading::default()
        };
        assert_eq!(reading.apparent_uva(), 2_300_000_000);
        assert_eq!(reading.power_factor(), PowerFactor(-500));
        assert!((reading.lag().millidegrees() - 120_000).abs() <= 1);
        assert_eq!(reading.voltage(), MilliVolts(230_000));
        assert_eq!(reading.current(), MilliAmps(10_000));
        assert_eq!(reading.power(), MilliWatts(-1_150_000));
        assert_eq!(Reading::default().power_factor(), PowerFactor(0));
        assert_eq!(Reading::default().lag(), Angle(0));
    }
}
