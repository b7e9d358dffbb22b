//! What a household draws: its appliances at a time of day, as the metrology would measure it.
//!
//! A load is built once from a seed and is then a pure function of the time of day, so a step may be of
//! any length and a run can be repeated.

mod appliance;
pub mod device;
mod profiles;

pub use appliance::{Appliance, Phases, Window};
pub use device::{Device, Shape};

use crate::mains::Supply;
use fastrand::Rng;
use meter_core::household::Kind;
use meter_core::measurement::Measurement;
use meter_core::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor};

/// The appliances of one household.
#[derive(Clone, Debug)]
pub struct Load {
    kind: Kind,
    appliances: Vec<Appliance>,
    flicker_seed: u64,
}

/// Below this voltage nothing runs, V.
pub const DEAD_V: f64 = 60.0;

/// A device that runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Running {
    /// Which one of the household's.
    pub number: u32,
    /// What it is, with the power that it takes of the phase.
    pub device: Device,
}

/// Active and reactive power of a phase, W and var.
#[derive(Clone, Copy, Default)]
struct Power {
    active: f64,
    reactive: f64,
}

impl Power {
    fn apparent(self) -> f64 {
        self.active.hypot(self.reactive)
    }
}

impl Load {
    /// A home for a single-phase household, a shop for a three-phase one.
    pub fn new(kind: Kind, rng: &mut Rng) -> Self {
        let appliances = match kind {
            Kind::SinglePhase => profiles::home(rng),
            Kind::ThreePhase => profiles::shop(rng),
        };
        Self { kind, appliances, flicker_seed: rng.u64(..) }
    }

    /// A household with nothing plugged in.
    #[must_use]
    pub const fn empty(kind: Kind) -> Self {
        Self { kind, appliances: Vec::new(), flicker_seed: 0 }
    }

    /// What the meter measures at a second of the local day. `plugged` are further devices, spread over the
    /// phases. The voltage is measured before the relay, so it is there when the contact is open.
    #[must_use]
    pub fn measure(
        &self,
        second_of_day: u32,
        supply: &Supply,
        plugged: &[Device],
        closed: bool,
    ) -> Measurement {
        let mut phases = if closed { self.powers(second_of_day, plugged) } else { [Power::default(); 3] };
        for (power, volts) in phases.iter_mut().zip(supply.voltage_v) {
            if volts < DEAD_V {
                *power = Power::default();
            }
        }
        let active: f64 = phases.iter().map(|power| power.active).sum();
        let apparent: f64 = phases.iter().map(|power| power.apparent()).sum();
        let used = |index: usize| index == 0 || self.kind == Kind::ThreePhase;
        let volts = |index: usize| if used(index) { supply.voltage_v[index] } else { 0.0 };
        let amps = |index: usize| {
            let apparent = phases[index].apparent();
            if used(index) && apparent > 0.0 { apparent / supply.voltage_v[index] } else { 0.0 }
        };
        Measurement {
            voltage: std::array::from_fn(|index| MilliVolts(thousandths(volts(index)))),
            current: std::array::from_fn(|index| MilliAmps(thousandths(amps(index)))),
            power: MilliWatts(i32::try_from(thousandths(active)).unwrap_or(i32::MAX)),
            power_factor: PowerFactor(power_factor(active, apparent)),
            ..Measurement::default()
        }
    }

    /// What runs on a phase at a second of the day, with a number of its own each: the devices plugged in come
    /// after the household's.
    #[must_use]
    pub fn running(&self, second_of_day: u32, plugged: &[Device], phase: usize) -> Vec<Running> {
        let share = |device: Device, phases: Phases| match phases {
            Phases::One(one) => (one == phase).then_some(device),
            Phases::All => Some(Device { power_w: device.power_w / 3, ..device }),
        };
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let own = self.appliances.iter().enumerate();
        let own = own.filter(|(_, appliance)| appliance.is_on(second_of_day)).filter_map(|(index, one)| {
            Some(Running { number: number(index), device: share(one.device(), one.phases)? })
        });
        let plugged = plugged.iter().enumerate().filter_map(|(index, device)| {
            let device = share(*device, self.plug())?;
            Some(Running { number: number(self.appliances.len() + index), device })
        });
        own.chain(plugged).collect()
    }

    /// What is plugged in is spread over all phases.
    const fn plug(&self) -> Phases {
        match self.kind {
            Kind::SinglePhase => Phases::One(0),
            Kind::ThreePhase => Phases::All,
        }
    }

    fn powers(&self, second_of_day: u32, plugged: &[Device]) -> [Power; 3] {
        let mut phases = [Power::default(); 3];
        let flicker = self.flicker(second_of_day);
        for appliance in self.appliances.iter().filter(|appliance| appliance.is_on(second_of_day)) {
            let active = f64::from(appliance.power_w) * flicker;
            let power = Power { active, reactive: active * appliance.reactive_share() };
            add(&mut phases, appliance.phases, power);
        }
        for device in plugged {
            let active = f64::from(device.power_w);
            let reactive = active * device.power_factor().acos().tan();
            add(&mut phases, self.plug(), Power { active, reactive });
        }
        phases
    }

    /// Nothing draws exactly what its plate says: up to one percent off, anew each second.
    fn flicker(&self, second_of_day: u32) -> f64 {
        let mut rng = Rng::with_seed(self.flicker_seed ^ u64::from(second_of_day));
        0.99 + 0.02 * rng.f64()
    }
}

fn add(phases: &mut [Power; 3], where_to: Phases, power: Power) {
    let (range, share) = match where_to {
        Phases::One(index) => (index..index + 1, 1.0),
        Phases::All => (0..3, 1.0 / 3.0),
    };
    for phase in phases.iter_mut().take(range.end).skip(range.start) {
        phase.active += power.active * share;
        phase.reactive += power.reactive * share;
    }
}

fn thousandths(value: f64) -> u32 {
    // A cast from a float saturates, so no value is out of range.
    (value * 1000.0).round() as u32
}

fn power_factor(active: f64, apparent: f64) -> i16 {
    if apparent > 0.0 { (active / apparent * 1000.0).round() as i16 } else { 1000 }
}

#[cfg(test)]
mod tests;
