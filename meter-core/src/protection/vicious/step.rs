//! What the waveform of a switched-on appliance shows.

use super::share::share;
use super::switched::{self, Switched};
use crate::metrology::{Calibration, Harmonics, Wave};

/// The current that an appliance adds, over one cycle beside the voltage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Active power, mW; negative when something was switched off.
    pub power_mw: i32,
    /// Current, mA r.m.s.
    pub current_ma: u32,
    /// Share of the current that is not proportional to the voltage, thousandths: √(1 − PF²).
    pub residual: u16,
    /// Harmonics 2, 3 and 5 of the current relative to its fundamental, thousandths.
    pub harmonics: [u16; 3],
    /// How well it fits a resistor behind a diode or a phase control.
    pub switched: Switched,
}

/// What is recorded of a verdict, for the room's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Power of the appliance, W.
    pub power_w: u32,
    /// Its current, mA r.m.s.
    pub current_ma: u32,
    /// Share of the current not proportional to the voltage (where it conducts, for a switched
    /// resistor), thousandths.
    pub residual: u16,
    /// Harmonics 2, 3 and 5 relative to the fundamental, thousandths.
    pub harmonics: [u16; 3],
    /// Largest current while it settled over its settled current, hundredths; 0 if it never settled.
    pub inrush: u16,
}

impl Step {
    /// Looks at `current` (fine counts of a channel calibrated by `amperes`), the difference of two
    /// cycles, beside `voltage`.
    #[must_use]
    pub fn of(voltage: &Wave, volts: &Calibration, current: &Wave, amperes: &Calibration) -> Self {
        let sums = Sums::of(voltage, current);
        let harmonics = Harmonics::of(current).0.map(|phasor| phasor.mean_square().isqrt());
        Self {
            power_mw: sums.power_mw(volts, amperes),
            current_ma: amperes.root_micro(sums.mean_square()) / 1000,
            residual: sums.residual(),
            harmonics: [1, 2, 3].map(|order| share(harmonics[order], harmonics[0])),
            switched: switched::fit(voltage, current),
        }
    }

    /// As evidence, with the residual that counted.
    #[must_use]
    pub const fn evidence(&self, residual: u16, inrush: u16) -> Evidence {
        Evidence {
            power_w: (self.power_mw.unsigned_abs() + 500) / 1000,
            current_ma: self.current_ma,
            residual,
            harmonics: self.harmonics,
            inrush,
        }
    }
}

/// Products of a voltage and a current over some points, in sixteenths of fine counts²: a difference of
/// two waves may be twice as large as either, and 128 squares of it must fit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    product: i64,
    voltage_square: i64,
    current_square: i64,
    points: i64,
}

impl Sums {
    pub(super) fn of(voltage: &[i32], current: &[i32]) -> Self {
        let mut sums = Self { points: voltage.len().max(1) as i64, ..Self::default() };
        for (volt, ampere) in voltage.iter().zip(current) {
            let (volt, ampere) = (i64::from(*volt >> 2), i64::from(*ampere >> 2));
            sums.product += volt * ampere;
            sums.voltage_square += volt * volt;
            sums.current_square += ampere * ampere;
        }
        sums
    }

    /// Active power, mW.
    pub(super) fn power_mw(&self, volts: &Calibration, amperes: &Calibration) -> i32 {
        let power_uw = volts.product_micro(amperes, self.product / self.points * 16);
        (power_uw / 1000).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
    }

    /// Mean square of the current, fine counts².
    const fn mean_square(&self) -> u64 {
        (self.current_square / self.points).unsigned_abs() * 16
    }

    /// √(1 − PF²) in thousandths.
    pub(super) fn residual(&self) -> u16 {
        let apparent = self.voltage_square as u128 * self.current_square as u128;
        if apparent == 0 {
            return 1000;
        }
        let active = u128::from(self.product.unsigned_abs()).pow(2).min(apparent);
        // Twenty bits less, so that the millionfold fits.
        let lost = ((apparent - active) >> 20) * 1_000_000 / ((apparent >> 20) + 1);
        u16::try_from(lost.isqrt()).unwrap_or(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrology::POINTS;
    use std::f64::consts::TAU;

    const VOLTS: Calibration = Calibration::nominal(500_000_000);
    const AMPERES: Calibration = Calibration::nominal(120_000_000);

    fn sine(peak: f64, lag_degrees: f64) -> Wave {
        core::array::from_fn(|point| {
            let angle = TAU * point as f64 / POINTS as f64 - lag_degrees.to_radians();
            (peak * angle.sin() * f64::from(1 << 26)) as i32
        })
    }

    #[test]
    fn a_resistor_leaves_no_residual_and_a_shifted_one_the_sine_of_the_shift() {
        let voltage = sine(0.65, 0.0);
        for degrees in [0.0, 1.0, 3.0, 8.7, 30.0f64] {
            let step = Step::of(&voltage, &VOLTS, &sine(0.05, degrees), &AMPERES);
            let expected = degrees.to_radians().sin() * 1000.0;
            assert!((f64::from(step.residual) - expected).abs() <= 1.5, "{degrees}°: {step:?}");
            let power = 0.65 * 500.0 * 0.05 * 120.0 / 2.0 * degrees.to_radians().cos() * 1000.0;
            assert!((f64::from(step.power_mw) / power - 1.0).abs() < 1e-3);
            assert_eq!(step.harmonics, [0; 3]);
        }
    }

    #[test]
    fn nothing_and_everything_are_survived() {
        let nothing = [0; POINTS];
        let step = Step::of(&nothing, &VOLTS, &nothing, &AMPERES);
        assert_eq!((step.power_mw, step.residual), (0, 1000));
        let loud = core::array::from_fn(|point| if point % 3 == 0 { 1 << 28 } else { -(1 << 28) });
        assert_eq!(Step::of(&loud, &VOLTS, &loud, &AMPERES).residual, 0);
    }
}
