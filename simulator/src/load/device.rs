//! What an appliance's current looks like, from its physics: for the detectors of a meter.

use std::f64::consts::{PI, SQRT_2, TAU};

/// Points of a cycle, as the metrology has them.
pub const POINTS: usize = meter_core::metrology::POINTS;
/// Voltage at which waves are made; detectors compare shapes, which the swing of the mains leaves alone.
pub const NOMINAL_V: f64 = 230.0;

/// One cycle, V or A.
pub type Cycle = [f64; POINTS];

/// The kinds of current.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Kettle, heater, stove: proportional to the voltage.
    Resistor,
    /// A hair dryer on low: a resistor behind a diode.
    HalfWave,
    /// A heater behind a phase control that cuts the first half of each half-wave away.
    PhaseCut,
    /// An induction hob at a low setting: on for a cycle, off for a cycle.
    Induction,
    /// A power supply without correction: pulses at the peaks of the voltage.
    PowerSupply,
    /// An LED light: wider pulses.
    Led,
    /// A motor with this power factor, which draws six times its current as it starts.
    Motor(f64),
    /// Anything else, with this power factor: a sine that lags, with some harmonics.
    Lagging(f64),
}

/// An appliance that somebody plugs in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Device {
    /// How it draws.
    pub shape: Shape,
    /// Mean active power, W.
    pub power_w: u32,
}

impl Device {
    /// A kettle, or whatever else heats.
    #[must_use]
    pub const fn heater(power_w: u32) -> Self {
        Self { shape: Shape::Resistor, power_w }
    }

    /// Its current, A, in a cycle counted since it was switched on.
    #[must_use]
    pub fn current(&self, cycle: u32) -> Cycle {
        let steady = scaled(self.shape, f64::from(self.power_w));
        match self.shape {
            Shape::Motor(_) => {
                let surge = 1.0 + 5.0 * (-f64::from(cycle) / 8.0).exp();
                steady.map(|ampere| ampere * surge)
            }
            Shape::Induction if cycle.is_multiple_of(2) => steady.map(|ampere| 2.0 * ampere),
            Shape::Induction => [0.0; POINTS],
            _ => steady,
        }
    }

    /// Active over apparent power, above 0 and at most 1.
    #[must_use]
    pub fn power_factor(&self) -> f64 {
        let (volts, current) = (mains(), scaled(self.shape, 1.0));
        (mean(&volts, &current) / (mean(&volts, &volts) * mean(&current, &current)).sqrt()).min(1.0)
    }
}

/// The voltage with the flat top that rectifiers give it.
#[must_use]
pub fn mains() -> Cycle {
    wave(|angle| NOMINAL_V * SQRT_2 * (angle.sin() + 0.02 * (3.0 * angle).sin()))
}

/// A shape that takes so many watts.
fn scaled(shape: Shape, watts: f64) -> Cycle {
    let volts = mains();
    let shape = shape.of(&volts);
    let factor = watts / mean(&volts, &shape);
    shape.map(|value| value * factor)
}

impl Shape {
    fn of(self, volts: &Cycle) -> Cycle {
        let pulses = |from: f64| wave(|angle| angle.sin().signum() * (angle.sin().abs() - from).max(0.0));
        let masked = |conducts: &dyn Fn(usize) -> bool| {
            std::array::from_fn(|point| if conducts(point) { volts[point] } else { 0.0 })
        };
        match self {
            Self::Resistor => *volts,
            Self::HalfWave => masked(&|point| point < POINTS / 2),
            Self::PhaseCut => masked(&|point| point % (POINTS / 2) >= POINTS / 4),
            Self::Induction => wave(|angle| (angle + 8.0 * PI / 180.0).sin() + 0.01 * (5.0 * angle).sin()),
            Self::PowerSupply => pulses(0.9),
            Self::Led => pulses(0.7),
            Self::Motor(power_factor) => lagging(power_factor, 0.02),
            Self::Lagging(power_factor) => lagging(power_factor, 0.05),
        }
    }
}

fn lagging(power_factor: f64, third: f64) -> Cycle {
    let lag = power_factor.clamp(0.05, 1.0).acos();
    wave(|angle| (angle - lag).sin() + third * (3.0 * angle + 0.5).sin())
}

fn wave(of: impl Fn(f64) -> f64) -> Cycle {
    std::array::from_fn(|point| of(TAU * (point as f64 + 0.5) / POINTS as f64))
}

fn mean(one: &Cycle, other: &Cycle) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>() / POINTS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 8] = [
        Shape::Resistor,
        Shape::HalfWave,
        Shape::PhaseCut,
        Shape::Induction,
        Shape::PowerSupply,
        Shape::Led,
        Shape::Motor(0.7),
        Shape::Lagging(0.95),
    ];

    #[test]
    fn every_device_takes_its_power_once_it_runs() {
        for shape in SHAPES {
            let device = Device { shape, power_w: 800 };
            let power = (1000..1002).map(|cycle| mean(&mains(), &device.current(cycle))).sum::<f64>() / 2.0;
            assert!((power - 800.0).abs() < 1.0, "{shape:?}: {power}");
        }
    }

    #[test]
    fn power_factors_are_those_of_the_shapes() {
        let factor = |shape| Device { shape, power_w: 100 }.power_factor();
        assert!((factor(Shape::Resistor) - 1.0).abs() < 1e-9);
        assert!((factor(Shape::HalfWave) - 0.5f64.sqrt()).abs() < 0.01);
        assert!((factor(Shape::Motor(0.7)) - 0.7).abs() < 0.02);
        assert!((0.4..0.75).contains(&factor(Shape::PowerSupply)));
        assert!(factor(Shape::Led) > factor(Shape::PowerSupply));
    }

    #[test]
    fn a_motor_surges_as_it_starts() {
        let motor = Device { shape: Shape::Motor(0.7), power_w: 100 };
        let rms = |cycle| mean(&motor.current(cycle), &motor.current(cycle)).sqrt();
        assert!((rms(0) / rms(1000) - 6.0).abs() < 0.01);
        assert!(rms(40) / rms(1000) < 1.05);
    }
}
