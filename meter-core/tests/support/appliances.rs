//! Appliances from their physics: what each draws at 230 V, cycle by cycle.
#![allow(dead_code, reason = "each user needs a part of it")]

use crate::stage::{Appliance, POINTS};
use std::f64::consts::{SQRT_2, TAU};

const VOLTS: f64 = 230.0;

type Cycle = [f64; POINTS];

/// A mains voltage with the flat top that rectifiers give it.
pub fn mains() -> Cycle {
    wave(|angle| VOLTS * SQRT_2 * (angle.sin() + 0.02 * (3.0 * angle).sin()))
}

fn wave(of: impl Fn(f64) -> f64) -> Cycle {
    core::array::from_fn(|point| of(TAU * point as f64 / POINTS as f64))
}

fn steady(cycle: Cycle) -> Appliance {
    Appliance { currents: vec![cycle], voltage: mains() }
}

fn resistor(watts: f64) -> Cycle {
    mains().map(|volt| volt * watts / (VOLTS * VOLTS))
}

/// Heater, kettle, stove.
pub fn heater(watts: f64) -> Appliance {
    steady(resistor(watts))
}

/// A heater behind a diode.
pub fn half_wave(watts: f64, negative: bool) -> Appliance {
    let rising = |point: usize| point < POINTS / 2;
    let full = resistor(2.0 * watts);
    steady(core::array::from_fn(|point| if rising(point) != negative { full[point] } else { 0.0 }))
}

/// A heater of `watts` at full power behind a phase control.
pub fn phase_cut(watts: f64, degrees: f64) -> Appliance {
    let full = resistor(watts);
    let cut = degrees / 180.0 * (POINTS / 2) as f64;
    steady(core::array::from_fn(|point| if (point % (POINTS / 2)) as f64 >= cut { full[point] } else { 0.0 }))
}

/// A sinusoid shifted against the voltage (lagging is positive) with harmonics 3 and 5.
pub fn shifted(watts: f64, lag_degrees: f64, third: f64, fifth: f64) -> Appliance {
    let lag = lag_degrees.to_radians();
    let peak = SQRT_2 * watts / (VOLTS * lag.cos());
    steady(wave(|angle| {
        peak * ((angle - lag).sin() + third * (3.0 * angle + 0.5).sin() + fifth * (5.0 * angle + 1.0).sin())
    }))
}

/// A power supply without correction: short pulses at the peaks of the voltage.
pub fn rectifier(watts: f64) -> Appliance {
    let shape = wave(|angle| angle.sin().signum() * (angle.sin().abs() - 0.9).max(0.0));
    let volts = mains();
    let power = shape.iter().zip(volts).map(|(ampere, volt)| ampere * volt).sum::<f64>() / POINTS as f64;
    steady(shape.map(|ampere| ampere * watts / power))
}

/// An induction cooker at a low setting: on for one cycle, off for one, its rectifier's filter leading.
pub fn induction(watts: f64, offset: usize) -> Appliance {
    let on = shifted(2.0 * watts, -8.0, 0.0, 0.01).currents[0];
    let at = |cycle: usize, point: usize| {
        if (cycle * POINTS + point + offset) % (2 * POINTS) < POINTS { on[point] } else { 0.0 }
    };
    let cycles = (0..2).map(|cycle| core::array::from_fn(|point| at(cycle, point))).collect();
    Appliance { currents: cycles, voltage: mains() }
}

/// A motor that starts with `times` its current, which dies away over some cycles; needs not to be repeated.
pub fn starting_motor(watts: f64, lag_degrees: f64, times: f64, cycles: f64) -> Appliance {
    let settled = shifted(watts, lag_degrees, 0.02, 0.02).currents[0];
    let cycle = |number: usize| {
        settled.map(|ampere| ampere * (1.0 + (times - 1.0) * (-(number as f64) / cycles).exp()))
    };
    Appliance { currents: (0..200).map(cycle).collect(), voltage: mains() }
}

/// A power supply whose capacitor is charged through a resistor in its first half-wave.
pub fn charging_supply(watts: f64) -> Appliance {
    let settled = rectifier(watts).currents[0];
    let surge = resistor(3000.0);
    let first = core::array::from_fn(|point| if point < POINTS / 2 { surge[point] } else { settled[point] });
    let mut currents = vec![settled; 200];
    currents[0] = first;
    Appliance { currents, voltage: mains() }
}

/// On for `on` of `of` cycles, again and again.
pub fn bursts(watts: f64, on: usize, of: usize) -> Appliance {
    let mut appliance = heater(watts);
    let (cycle, nothing) = (appliance.currents[0], [0.0; POINTS]);
    appliance.currents = (0..of).map(|number| if number < on { cycle } else { nothing }).collect();
    appliance
}
