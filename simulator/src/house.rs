//! The house behind a meter: what its households own and have plugged in, and the contacts before it.

use crate::load::{DEAD_V, Device, Load, Running};
use crate::mains::Supply;
use meter_core::measurement::Measurement;
use meter_core::meter::{HOUSEHOLDS, Inputs, kind_of};
use meter_core::metered::Place;
use meter_core::settings::LoopId;

/// Contacts of the main loops and of the second ones, bit per household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contacts {
    pub(crate) main: u16,
    pub(crate) second: u16,
}

impl Contacts {
    fn closed(self, household: usize, id: LoopId) -> bool {
        let contacts = match id {
            LoopId::Main => self.main,
            LoopId::Second => self.second,
        };
        contacts >> household & 1 == 1
    }
}

/// All households of a meter.
#[derive(Clone, Debug)]
pub(crate) struct House {
    loads: [Load; HOUSEHOLDS],
    plugged: [[Vec<Device>; 2]; HOUSEHOLDS],
    pub(crate) contacts: Contacts,
}

impl House {
    pub(crate) fn new(loads: [Load; HOUSEHOLDS]) -> Self {
        Self { loads, plugged: Default::default(), contacts: Contacts::default() }
    }

    /// Plugs devices into a loop, instead of those before.
    pub(crate) fn plug(&mut self, household: usize, id: LoopId, devices: Vec<Device>) {
        if let Some(plugged) = self.plugged.get_mut(household) {
            plugged[id.index()] = devices;
        }
    }

    /// What the meter measures.
    pub(crate) fn inputs(&self, second_of_day: u32, supply: &Supply) -> Inputs {
        let measure = |household, id| self.measure(household, id, second_of_day, supply);
        Inputs {
            measurements: std::array::from_fn(|household| measure(household, LoopId::Main)),
            contacts_closed: self.contacts.main,
            second_measurements: std::array::from_fn(|household| measure(household, LoopId::Second)),
            second_contacts_closed: self.contacts.second,
            frequency_chz: (supply.frequency_hz * 100.0).round() as u16,
        }
    }

    fn measure(&self, household: usize, id: LoopId, second_of_day: u32, supply: &Supply) -> Measurement {
        let plugged = &self.plugged[household][id.index()];
        let closed = self.contacts.closed(household, id);
        match id {
            LoopId::Main => self.loads[household].measure(second_of_day, supply, plugged, closed),
            LoopId::Second => Load::empty(kind_of(household)).measure(second_of_day, supply, plugged, closed),
        }
    }

    /// What draws current at a place.
    pub(crate) fn running(&self, place: Place, second_of_day: u32, supply: &Supply) -> Vec<Running> {
        let Place { household, id, phase } = place;
        if !self.contacts.closed(household, id) || supply.voltage_v[phase] < DEAD_V {
            return Vec::new();
        }
        let plugged = &self.plugged[household][id.index()];
        match id {
            LoopId::Main => self.loads[household].running(second_of_day, plugged, phase),
            LoopId::Second => Load::empty(kind_of(household)).running(second_of_day, plugged, phase),
        }
    }
}
