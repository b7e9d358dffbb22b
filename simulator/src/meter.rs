//! A meter with loads behind it: `meter-core`'s meter with its memory, and contacts that follow late.

use crate::house::{Contacts, House};
use crate::load::{Device, Load};
use crate::mains::Mains;
use crate::memory::VirtualMemory;
use crate::sight::Sight;
use fastrand::Rng;
use meter_core::display::Page;
use meter_core::envelope::{Key, Refusal};
use meter_core::household::Household;
use meter_core::journal::{DurableMeter, Memory, StartError};
use meter_core::meter::{Applied, HOUSEHOLDS, Meter, kind_of};
use meter_core::modbus::{MAX_PDU, slave};
use meter_core::serial::Serial;
use meter_core::settings::LoopId;

/// A bistable relay needs about this long to move its contact.
pub const CONTACT_DELAY_MS: u32 = 50;

/// A simulated meter with its households.
#[derive(Clone, Debug)]
pub struct VirtualMeter {
    meter: DurableMeter<VirtualMemory>,
    key: Key,
    mains: Mains,
    house: House,
    sight: Sight,
    contacts_late_ms: u32,
}

impl VirtualMeter {
    /// A meter as it comes from the factory, in a house full of appliances.
    pub fn new(serial: Serial, key: Key, rng: &mut Rng) -> Self {
        let mains = Mains::new(rng);
        Self::with_loads(serial, key, mains, std::array::from_fn(|index| Load::new(kind_of(index), rng)))
    }

    /// A meter in an empty house: only what a test plugs in is drawn.
    pub fn without_loads(serial: Serial, key: Key, rng: &mut Rng) -> Self {
        let mains = Mains::new(rng);
        Self::with_loads(serial, key, mains, std::array::from_fn(|index| Load::empty(kind_of(index))))
    }

    fn with_loads(serial: Serial, key: Key, mains: Mains, loads: [Load; HOUSEHOLDS]) -> Self {
        let meter = DurableMeter::commission(serial, key, VirtualMemory::default());
        let mut meter = meter.expect("a blank memory that never fails starts a meter");
        meter.set_nonce(random_nonce());
        Self { meter, key, mains, house: House::new(loads), sight: Sight::default(), contacts_late_ms: 0 }
    }

    /// Lets simulated time pass, which ends at `local_second_of_day`. What is drawn then is taken
    /// for the whole step, so a cut-off comes late by at most the step.
    pub fn advance(&mut self, elapsed_ms: u32, local_second_of_day: u32) {
        let mut left_ms = elapsed_ms;
        if self.house.contacts != self.commanded() {
            let late_ms = left_ms.min(CONTACT_DELAY_MS.saturating_sub(self.contacts_late_ms));
            self.tick(late_ms, local_second_of_day);
            self.contacts_late_ms += late_ms;
            left_ms -= late_ms;
        }
        if self.contacts_late_ms >= CONTACT_DELAY_MS {
            self.house.contacts = self.commanded();
            self.contacts_late_ms = 0;
        }
        self.tick(left_ms, local_second_of_day);
    }

    fn commanded(&self) -> Contacts {
        let meter = self.meter.meter();
        Contacts { main: meter.relays(), second: meter.second_relays() }
    }

    fn tick(&mut self, elapsed_ms: u32, local_second_of_day: u32) {
        let supply = self.mains.at(local_second_of_day);
        let house = &self.house;
        let running = |place| house.running(place, local_second_of_day, &supply);
        self.sight.look(&mut self.meter, elapsed_ms, running);
        self.meter.tick(elapsed_ms, &house.inputs(local_second_of_day, &supply));
    }

    /// Answers a request PDU. What was confirmed survives a power cut.
    pub fn respond(&mut self, request: &[u8]) -> Vec<u8> {
        let mut reply = [0; MAX_PDU];
        let length = slave::respond(&mut self.meter, request, &mut reply);
        reply[..length].to_vec()
    }

    /// A power cut: the meter starts from its memory and no longer knows the time. The contacts are
    /// bistable and stay as they were.
    ///
    /// # Errors
    /// [`StartError`] if the memory is damaged; the meter then runs on.
    pub fn restart(&mut self) -> Result<(), StartError> {
        self.start_from(self.meter.memory().clone())
    }

    /// A power cut over which these pages of the memory lose what they held. The meter starts from what is left.
    ///
    /// # Errors
    /// As of [`Self::restart`].
    pub fn restart_rotten(&mut self, pages: impl IntoIterator<Item = u32>) -> Result<(), StartError> {
        let mut memory = self.meter.memory().clone();
        pages.into_iter().for_each(|page| memory.ruin(page));
        self.start_from(memory)
    }

    /// Pages of its memory.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.meter.memory().pages()
    }

    fn start_from(&mut self, memory: VirtualMemory) -> Result<(), StartError> {
        self.meter = DurableMeter::start(self.meter.meter().serial(), self.key, memory)?;
        self.meter.set_nonce(random_nonce());
        self.contacts_late_ms = 0;
        self.sight = Sight::default();
        Ok(())
    }

    /// Plugs a heater of `watts` into a household, instead of the one before; 0 unplugs it. Nothing
    /// happens from household 11 on.
    pub fn plug(&mut self, household: usize, watts: u32) {
        self.plug_devices(household, LoopId::Main, heater(watts));
    }

    /// Plugs devices into a loop of a household, instead of those before. Nothing happens from household 11 on;
    /// in a second loop nothing is drawn unless it is fitted.
    pub fn plug_devices(&mut self, household: usize, id: LoopId, devices: Vec<Device>) {
        self.house.plug(household, id, devices);
    }

    /// As [`Self::plug`], into a household's second loop; nothing happens unless it is single-phase. Without
    /// a second loop nothing is drawn.
    pub fn plug_second(&mut self, household: usize, watts: u32) {
        self.plug_devices(household, LoopId::Second, heater(watts));
    }

    /// What the grid gives from now on, V on each phase, instead of its own wandering; `None` for that again.
    pub const fn set_voltage(&mut self, voltage_v: Option<[f64; 3]>) {
        self.mains.set_voltage(voltage_v);
    }

    /// Somebody presses the button of a household (or holds a card before the meter): its details come on
    /// the display, and its low-credit reminder is acknowledged. Returns whether there was one.
    pub fn press_button(&mut self, household: u8) -> bool {
        self.meter.show(usize::from(household));
        self.meter.acknowledge(household)
    }

    /// What is on the display.
    #[must_use]
    pub fn display(&self) -> Page {
        self.meter().screen().page(self.meter())
    }

    /// The memory fails from now on, or works again: nothing more is kept over a power cut.
    pub fn set_memory_broken(&mut self, broken: bool) {
        self.meter.memory_mut().set_broken(broken);
    }

    /// The meter itself.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        self.meter.meter()
    }

    /// Hands the meter an envelope by another courier than the bus, such as a card.
    ///
    /// # Errors
    /// The meter's refusal.
    pub fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        self.meter.apply(envelope)
    }

    /// The key that envelopes for this meter are sealed with.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Whether a household's relay is commanded closed; `false` from household 11 on.
    #[must_use]
    pub fn relay_closed(&self, household: usize) -> bool {
        self.meter().household(household).is_some_and(Household::relay_closed)
    }

    /// Whether a household's contact is closed, that is, whether it has power.
    #[must_use]
    pub const fn contact_closed(&self, household: usize) -> bool {
        household < HOUSEHOLDS && self.house.contacts.main >> household & 1 == 1
    }

    /// Whether the contact of a household's second loop is closed.
    #[must_use]
    pub const fn second_contact_closed(&self, household: usize) -> bool {
        household < HOUSEHOLDS && self.house.contacts.second >> household & 1 == 1
    }

    /// What a household has left, Wh; `None` from household 11 on.
    #[must_use]
    pub fn remaining_wh(&self, household: usize) -> Option<i64> {
        Some(self.meter().household(household)?.credit().remaining())
    }
}

/// The simulated hardware's source of randomness.
fn random_nonce() -> u32 {
    fastrand::u32(1..)
}

fn heater(watts: u32) -> Vec<Device> {
    if watts == 0 { Vec::new() } else { vec![Device::heater(watts)] }
}
