//! A meter with loads behind it: `meter-core`'s meter, contacts that follow late, and a saved image.

use crate::load::Load;
use crate::mains::Mains;
use fastrand::Rng;
use meter_core::envelope::{Key, Refusal};
use meter_core::household::Household;
use meter_core::meter::{Applied, HOUSEHOLDS, IMAGE_LEN, ImageError, Inputs, Meter, kind_of};
use meter_core::modbus::{MAX_PDU, slave};
use meter_core::serial::Serial;

/// A bistable relay needs about this long to move its contact.
pub const CONTACT_DELAY_MS: u32 = 50;

/// A simulated meter with its households.
#[derive(Clone, Debug)]
pub struct VirtualMeter {
    meter: Meter,
    key: Key,
    mains: Mains,
    loads: [Load; HOUSEHOLDS],
    plugged_w: [u32; HOUSEHOLDS],
    contacts_closed: u16,
    contacts_late_ms: u32,
    image: [u8; IMAGE_LEN],
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
        let meter = Meter::new(serial, key);
        let mut image = [0; IMAGE_LEN];
        meter.save(&mut image);
        let plugged_w = [0; HOUSEHOLDS];
        Self { meter, key, mains, loads, plugged_w, contacts_closed: 0, contacts_late_ms: 0, image }
    }

    /// Lets simulated time pass, which ends at `local_second_of_day`, and saves the image. What is drawn
    /// then is taken for the whole step, so a cut-off comes late by at most the step.
    pub fn advance(&mut self, elapsed_ms: u32, local_second_of_day: u32) {
        let mut left_ms = elapsed_ms;
        if self.contacts_closed != self.meter.relays() {
            let late_ms = left_ms.min(CONTACT_DELAY_MS.saturating_sub(self.contacts_late_ms));
            self.tick(late_ms, local_second_of_day);
            self.contacts_late_ms += late_ms;
            left_ms -= late_ms;
        }
        if self.contacts_late_ms >= CONTACT_DELAY_MS {
            self.contacts_closed = self.meter.relays();
            self.contacts_late_ms = 0;
        }
        self.tick(left_ms, local_second_of_day);
        self.meter.save(&mut self.image);
    }

    fn tick(&mut self, elapsed_ms: u32, local_second_of_day: u32) {
        let supply = self.mains.at(local_second_of_day);
        let mut inputs = Inputs {
            contacts_closed: self.contacts_closed,
            frequency_chz: (supply.frequency_hz * 100.0).round() as u16,
            ..Inputs::default()
        };
        for (index, measurement) in inputs.measurements.iter_mut().enumerate() {
            let closed = self.contacts_closed >> index & 1 == 1;
            *measurement =
                self.loads[index].measure(local_second_of_day, &supply, self.plugged_w[index], closed);
        }
        self.meter.tick(elapsed_ms, &inputs);
    }

    /// Answers a request PDU and saves the image, so that what was confirmed survives a power cut.
    pub fn respond(&mut self, request: &[u8]) -> Vec<u8> {
        let mut reply = [0; MAX_PDU];
        let length = slave::respond(&mut self.meter, request, &mut reply);
        self.meter.save(&mut self.image);
        reply[..length].to_vec()
    }

    /// A power cut: the meter starts from its saved image and no longer knows the time. The contacts are
    /// bistable and stay as they were.
    ///
    /// # Errors
    /// [`ImageError`] if the image is damaged; the meter then runs on.
    pub fn restart(&mut self) -> Result<(), ImageError> {
        self.meter = Meter::restore(self.meter.serial(), self.key, &self.image)?;
        self.contacts_late_ms = 0;
        Ok(())
    }

    /// Plugs a heater of `watts` into a household, instead of the one before; 0 unplugs it. Nothing
    /// happens from household 11 on.
    pub fn plug(&mut self, household: usize, watts: u32) {
        if let Some(plugged_w) = self.plugged_w.get_mut(household) {
            *plugged_w = watts;
        }
    }

    /// The meter itself.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Hands the meter an envelope by another courier than the bus, such as a card, and saves the image.
    ///
    /// # Errors
    /// The meter's refusal.
    pub fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        let answer = self.meter.apply(envelope);
        self.meter.save(&mut self.image);
        answer
    }

    /// The key that envelopes for this meter are sealed with.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Whether a household's relay is commanded closed; `false` from household 11 on.
    #[must_use]
    pub fn relay_closed(&self, household: usize) -> bool {
        self.meter.household(household).is_some_and(Household::relay_closed)
    }

    /// Whether a household's contact is closed, that is, whether it has power.
    #[must_use]
    pub const fn contact_closed(&self, household: usize) -> bool {
        household < HOUSEHOLDS && self.contacts_closed >> household & 1 == 1
    }

    /// What a household has left, Wh; `None` from household 11 on.
    #[must_use]
    pub fn remaining_wh(&self, household: usize) -> Option<i64> {
        Some(self.meter.household(household)?.credit().remaining())
    }
}
