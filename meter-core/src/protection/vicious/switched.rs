//! A resistor behind a diode (hair irons and dryers on low) or behind a phase control: its current is
//! proportional to the voltage wherever it conducts, and none elsewhere.

use super::share::share;
use crate::metrology::{POINTS, Wave};

/// How well a current fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switched {
    /// Residual of the best fit of a resistor conducting in one half-wave, thousandths of the current
    /// (without its direct part, which a current transformer does not pass).
    pub half_wave: u16,
    /// Residual of the best fit of a resistor conducting for a part of each half-wave, thousandths.
    pub phase_cut: u16,
    /// Share of a full sine's energy that the phase control keeps away, thousandths: 500 at 90°.
    pub cut_away: u16,
}

/// Residual of what cannot be a switched resistor.
const NO_FIT: u16 = 9999;

/// Fits both.
#[must_use]
pub fn fit(voltage: &Wave, current: &Wave) -> Switched {
    let half_wave = half_wave_residual(voltage, current, 1).min(half_wave_residual(voltage, current, -1));
    let (phase_cut, cut_away) = phase_cut_residual(voltage, current);
    Switched { half_wave, phase_cut, cut_away }
}

/// With the diode's direction as sign: what is not proportional in the conducting half, and not constant
/// in the other.
fn half_wave_residual(voltage: &Wave, current: &Wave, direction: i64) -> u16 {
    let pairs = || pairs(voltage, current).map(|(volt, ampere)| (volt * direction, ampere));
    let (mut blocked, mut blocked_sum) = (0, 0);
    for (_, ampere) in pairs().filter(|(volt, _)| *volt <= 0) {
        blocked += 1;
        blocked_sum += ampere;
    }
    // A transformer shifts the whole wave so that its mean is zero.
    let shift = if blocked == 0 { 0 } else { blocked_sum / blocked };
    let (mut product, mut volts) = (0, 0);
    for (volt, ampere) in pairs().filter(|(volt, _)| *volt > 0) {
        product += volt * (ampere - shift);
        volts += volt * volt;
    }
    let conductance = Conductance::new(product, volts);
    // A diode conducts in the voltage's direction only: else it is the other one.
    if product.signum() * direction <= 0 {
        return NO_FIT;
    }
    let mean = pairs().map(|(_, ampere)| ampere).sum::<i64>() / POINTS as i64;
    let (mut error, mut total) = (0u64, 0u64);
    for (volt, ampere) in pairs() {
        let expected = if volt > 0 { conductance.current(volt) } else { 0 };
        error += square(ampere - shift - expected);
        total += square(ampere - mean);
    }
    root_share(error, total)
}

/// Each point either follows the resistor or carries nothing, whichever is nearer.
fn phase_cut_residual(voltage: &Wave, current: &Wave) -> (u16, u16) {
    let peak = current.iter().map(|ampere| ampere.unsigned_abs()).max().unwrap_or(0);
    let peak = i64::from(peak >> COARSE_BITS);
    let pairs = || pairs(voltage, current);
    // First guess from where much current flows, then from where the guess says that it conducts.
    let mut conductance = Conductance::over(pairs().filter(|(_, ampere)| ampere.abs() * 5 > peak));
    conductance = Conductance::over(pairs().filter(|pair| conductance.conducts(*pair)));
    let conducting: [bool; POINTS] =
        core::array::from_fn(|point| conductance.conducts(coarse(voltage[point], current[point])));
    let (mut error, mut total, mut full, mut kept_away) = (0u64, 0u64, 0u64, 0u64);
    for (point, (volt, ampere)) in pairs().enumerate() {
        let expected = conductance.current(volt);
        full += square(expected);
        total += square(ampere);
        kept_away += if conducting[point] { 0 } else { square(expected) };
        error += square(if at_edge(&conducting, point) {
            ampere - ampere.clamp(expected.min(0), expected.max(0))
        } else if conducting[point] {
            ampere - expected
        } else {
            ampere
        });
    }
    let residual = if edges(&conducting, voltage) > 2 { NO_FIT } else { root_share(error, total) };
    (residual, share(kept_away, full))
}

/// Edges away from the voltage's crossings: a phase control has one a half-wave, at the other end of which
/// the voltage itself is nothing; a rectifier's pulse has two.
fn edges(conducting: &[bool; POINTS], voltage: &Wave) -> usize {
    let peak = voltage.iter().map(|volt| volt.unsigned_abs()).max().unwrap_or(0);
    let strong = |point: usize| voltage[point].unsigned_abs() > peak / 4;
    let changes = |point: usize| conducting[point] != conducting[(point + POINTS - 1) % POINTS];
    // A smeared edge may go to and fro over some points.
    let first = |point: usize| !(1..=4).any(|away| changes((point + POINTS - away) % POINTS));
    (0..POINTS).filter(|point| changes(*point) && strong(*point) && first(*point)).count()
}

/// Filters and converters smear a switching edge over some points, which then lie between nothing and all.
fn at_edge(conducting: &[bool; POINTS], point: usize) -> bool {
    [1, 2, POINTS - 1, POINTS - 2]
        .into_iter()
        .any(|away| conducting[(point + away) % POINTS] != conducting[point])
}

/// Current over voltage as a fraction of two sums, in 2^-20.
#[derive(Clone, Copy)]
struct Conductance(i64);

impl Conductance {
    fn new(product: i64, volts: i64) -> Self {
        let ratio = (i128::from(product) << 20) / i128::from(volts.max(1));
        Self(i64::try_from(ratio.clamp(-(1 << 30), 1 << 30)).unwrap_or(0))
    }

    fn over(pairs: impl Iterator<Item = (i64, i64)>) -> Self {
        let (mut product, mut volts) = (0, 0);
        for (volt, ampere) in pairs {
            product += volt * ampere;
            volts += volt * volt;
        }
        Self::new(product, volts)
    }

    const fn current(self, volt: i64) -> i64 {
        (volt * self.0) >> 20
    }

    const fn conducts(self, (volt, ampere): (i64, i64)) -> bool {
        let expected = self.current(volt);
        (ampere - expected).unsigned_abs() <= ampere.unsigned_abs()
    }
}

/// Bits that are left off, so that sums of squares of wild differences fit into 64 bits.
const COARSE_BITS: u32 = 6;

fn coarse(volt: i32, ampere: i32) -> (i64, i64) {
    (i64::from(volt >> COARSE_BITS), i64::from(ampere >> COARSE_BITS))
}

fn pairs(voltage: &Wave, current: &Wave) -> impl Iterator<Item = (i64, i64)> {
    voltage.iter().zip(current).map(|(volt, ampere)| coarse(*volt, *ampere))
}

const fn square(value: i64) -> u64 {
    let magnitude = value.unsigned_abs();
    let magnitude = if magnitude > 1 << 28 { 1 << 28 } else { magnitude };
    magnitude * magnitude
}

fn root_share(part: u64, whole: u64) -> u16 {
    let millionths = u128::from(part) * 1_000_000 / u128::from(whole.max(1));
    u16::try_from(millionths.isqrt().min(9999)).unwrap_or(9999)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_1_PI as MEAN, TAU};

    fn wave(of: impl Fn(f64) -> f64) -> Wave {
        core::array::from_fn(|point| {
            (of(TAU * (point as f64 + 0.3) / POINTS as f64) * f64::from(1 << 24)) as i32
        })
    }

    fn voltage() -> Wave {
        wave(|angle| 2.0 * angle.sin())
    }

    #[test]
    fn a_diode_is_found_in_either_direction_and_behind_a_transformer() {
        for (sign, shift) in [(1.0, 0.0), (-1.0, 0.0), (1.0, -MEAN), (-1.0, MEAN)] {
            let current = wave(|angle| sign * (sign * angle.sin()).max(0.0) + shift);
            let fit = fit(&voltage(), &current);
            assert!(fit.half_wave < 20, "{sign} {shift}: {fit:?}");
        }
    }

    #[test]
    fn a_phase_control_is_found_with_what_it_keeps_away() {
        for (degrees, kept_away) in [(45.0f64, 91), (90.0, 500), (120.0, 804)] {
            let current =
                wave(|angle| if angle % (TAU / 2.0) > degrees.to_radians() { angle.sin() } else { 0.0 });
            let fit = fit(&voltage(), &current);
            assert!(fit.phase_cut < 20, "{degrees}°: {fit:?}");
            assert!(fit.cut_away.abs_diff(kept_away) < 25, "{degrees}°: {fit:?}");
            assert!(fit.half_wave > 300);
        }
    }

    #[test]
    fn others_fit_neither() {
        // Rectifiers with a capacitor, a lagging motor, and a capacitor-run one with a third harmonic.
        let rectifier = wave(|angle| {
            if (angle.sin().abs()) > 0.9 { angle.sin().signum() * (angle.sin().abs() - 0.9) } else { 0.0 }
        });
        let motor = wave(|angle| (angle - 0.6).sin());
        let fan = wave(|angle| (angle + 0.4).sin() + 0.1 * (3.0 * angle).sin());
        for (name, current) in [("rectifier", rectifier), ("motor", motor), ("fan", fan)] {
            let fit = fit(&voltage(), &current);
            assert!(fit.half_wave > 300, "{name}: {fit:?}");
            assert!(fit.phase_cut > 150, "{name}: {fit:?}");
        }
    }

    #[test]
    fn silence_and_noise_are_survived() {
        for (volt, ampere) in [(0, 0), (i32::MIN, i32::MAX), (1 << 28, -(1 << 29))] {
            assert!(fit(&[volt; POINTS], &[ampere; POINTS]).cut_away <= 1000);
        }
    }
}
