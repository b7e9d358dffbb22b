//! One appliance: how much it draws, where, and when.

use super::device::{Device, Shape};

/// A stretch of the day that may run over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Second of the day when it begins.
    pub start_s: u32,
    /// How long it is.
    pub length_s: u32,
}

/// Seconds in a day.
pub(super) const DAY_S: u32 = 86_400;

impl Window {
    /// Whether a second of the day lies in it.
    #[must_use]
    pub const fn contains(&self, second_of_day: u32) -> bool {
        (second_of_day % DAY_S + DAY_S - self.start_s % DAY_S) % DAY_S < self.length_s
    }
}

/// A thermostat: on for a while, off for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// On and off together.
    pub period_s: u32,
    /// On.
    pub on_s: u32,
    /// How far the cycle is at midnight.
    pub offset_s: u32,
}

/// Which phases feed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phases {
    /// One, 0 to 2.
    One(usize),
    /// All three alike.
    All,
}

/// An appliance with a fixed power that is on or off.
#[derive(Clone, Debug)]
pub struct Appliance {
    /// Active power while on, W.
    pub power_w: u32,
    /// Power factor while on, above 0 and at most 1, lagging.
    pub power_factor: f64,
    /// Which phases feed it.
    pub phases: Phases,
    /// When somebody uses it; none stands for always.
    pub windows: Vec<Window>,
    /// Its thermostat, if it has one.
    pub cycle: Option<Cycle>,
}

impl Appliance {
    /// Whether it draws power at a second of the day.
    #[must_use]
    pub fn is_on(&self, second_of_day: u32) -> bool {
        let used =
            self.windows.is_empty() || self.windows.iter().any(|window| window.contains(second_of_day));
        used && self.cycle.is_none_or(|cycle| (second_of_day + cycle.offset_s) % cycle.period_s < cycle.on_s)
    }

    /// How its current looks: what heats is a resistor, what a thermostat switches beside that is a motor.
    #[must_use]
    pub fn device(&self) -> Device {
        let shape = if self.power_factor >= 1.0 {
            Shape::Resistor
        } else if self.cycle.is_some() {
            Shape::Motor(self.power_factor)
        } else {
            Shape::Lagging(self.power_factor)
        };
        Device { shape, power_w: self.power_w }
    }

    /// Reactive for each watt of active power.
    pub(super) fn reactive_share(&self) -> f64 {
        self.power_factor.acos().tan()
    }
}
