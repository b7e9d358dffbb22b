//! The meter: eleven households, a clock, and the one door through which commands come.

#[cfg(test)]
mod credit_tests;
mod history;
#[cfg(test)]
mod properties;
mod protect;
#[cfg(test)]
mod protection_tests;
mod record;
#[cfg(test)]
mod schedule_tests;
#[cfg(test)]
mod tests;
mod trust;
#[cfg(test)]
mod trust_tests;

pub use crate::envelope::HOUSEHOLDS;
pub use crate::household::{Household, Kind};
pub use crate::measurement::{Counted, Measurement};
pub use record::{
    BadRecord, ENERGY_RECORD_LEN, HOUSEHOLD_RECORD_LEN, MAX_RECORD_LEN, RecordKey, STATE_LEN, STATE_RECORDS,
};

use crate::clock::Clock;
use crate::display::Screen;
use crate::envelope::{self, Command, Key, Opened, Refusal};
use crate::events::{EventKind, EventQueue};
use crate::loops::Loop;
use crate::measurement::Reading;
use crate::schedule::Moment;
use crate::serial::Serial;
use crate::settings::MeterSettings;
use core::fmt;
use history::Told;
use protect::Seen;
use record::Changes;
use trust::Trust;

/// Households 0..8 are single-phase, the rest three-phase.
pub const SINGLE_PHASE_HOUSEHOLDS: usize = 8;

/// How household `index` is connected.
#[must_use]
pub const fn kind_of(index: usize) -> Kind {
    if index < SINGLE_PHASE_HOUSEHOLDS { Kind::SinglePhase } else { Kind::ThreePhase }
}

/// What the hardware reports at a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// One a household.
    pub measurements: [Measurement; HOUSEHOLDS],
    /// Bit per household: the auxiliary contact says closed.
    pub contacts_closed: u16,
    /// One a single-phase household: its second loop, where there is one.
    pub second_measurements: [Measurement; SINGLE_PHASE_HOUSEHOLDS],
    /// Bit per household: the auxiliary contact of its second loop says closed.
    pub second_contacts_closed: u16,
    /// Mains frequency, 0.01 Hz.
    pub frequency_chz: u16,
}

/// An envelope was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Whether it changed anything; a repeat does not.
    pub changed: bool,
}

/// The envelope that came last since the start, taken or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastEnvelope {
    /// Its kind byte, as it came (not authenticated if refused).
    pub kind: u8,
    /// Its household byte, as it came.
    pub household: u8,
    /// What became of it.
    pub result: Result<(), Refusal>,
}

/// What happened to envelopes since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EnvelopeLog {
    /// How many were taken, repeats included.
    pub taken: u32,
    /// How many were refused.
    pub refused: u32,
    /// The latest one.
    pub last: Option<LastEnvelope>,
}

/// A meter.
#[derive(Clone, PartialEq, Eq)]
pub struct Meter {
    serial: Serial,
    key: Key,
    households: [Household; HOUSEHOLDS],
    clock: Clock,
    settings: MeterSettings,
    changes: Changes,
    events: EventQueue,
    told: [Told; HOUSEHOLDS],
    seen: Seen,
    trust: Trust,
    screen: Screen,
    boot_count: u32,
    uptime_ms: u64,
    frequency_chz: u16,
    envelopes: EnvelopeLog,
}

impl Meter {
    /// A meter as it leaves the factory: vacant households, relays open, clock unknown.
    #[must_use]
    pub fn new(serial: Serial, key: Key) -> Self {
        let mut meter = Self {
            serial,
            key,
            households: core::array::from_fn(|index| Household::new(kind_of(index))),
            clock: Clock::unknown(0),
            settings: MeterSettings::FACTORY,
            changes: Changes::default(),
            events: EventQueue::after(0),
            told: [Told::default(); HOUSEHOLDS],
            seen: Seen::default(),
            trust: Trust::default(),
            screen: Screen::default(),
            boot_count: 1,
            uptime_ms: 0,
            frequency_chz: 0,
            envelopes: EnvelopeLog::default(),
        };
        meter.begin(0);
        meter
    }

    /// Starts from what was loaded; events go on after the latest one of before.
    pub(crate) fn begin(&mut self, latest_event: u32) {
        self.settle();
        self.events = EventQueue::after(latest_event);
        self.changes.mark(RecordKey::Starts);
        self.tell(EventKind::Started, None, 0, self.boot_count as i32);
    }

    /// The number on the nameplate.
    #[must_use]
    pub const fn serial(&self) -> Serial {
        self.serial
    }

    /// The clock.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// This instant, as far as the meter knows it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment::new(self.clock.now(), &self.settings)
    }

    /// What the office has set for the whole meter.
    #[must_use]
    pub const fn settings(&self) -> &MeterSettings {
        &self.settings
    }

    /// Number of the latest event, 0 before the first.
    #[must_use]
    pub const fn latest_event(&self) -> u32 {
        self.events.latest()
    }

    /// What is on the display.
    #[must_use]
    pub const fn screen(&self) -> &Screen {
        &self.screen
    }

    /// By key or card: shows the details of a household for a while; again, their next page. Nothing
    /// happens from household 11 on.
    pub fn show(&mut self, household: usize) {
        if household < HOUSEHOLDS {
            self.screen.ask(household);
        }
    }

    /// How often the meter was started, the factory start included.
    #[must_use]
    pub const fn boot_count(&self) -> u32 {
        self.boot_count
    }

    /// Whole seconds since the start.
    #[must_use]
    pub fn uptime_s(&self) -> u32 {
        u32::try_from(self.uptime_ms / 1000).unwrap_or(u32::MAX)
    }

    /// Mains frequency, 0.01 Hz.
    #[must_use]
    pub const fn frequency_chz(&self) -> u16 {
        self.frequency_chz
    }

    /// What happened to envelopes since the start.
    #[must_use]
    pub const fn envelopes(&self) -> &EnvelopeLog {
        &self.envelopes
    }

    /// All households.
    #[must_use]
    pub const fn households(&self) -> &[Household; HOUSEHOLDS] {
        &self.households
    }

    /// Household `index`, 0..=10.
    #[must_use]
    pub fn household(&self, index: usize) -> Option<&Household> {
        self.households.get(index)
    }

    /// Takes what was measured over the last `elapsed_ms`, ages the clock and settles the relays.
    pub fn tick(&mut self, elapsed_ms: u32, inputs: &Inputs) {
        self.clock.advance(elapsed_ms);
        self.uptime_ms = self.uptime_ms.saturating_add(u64::from(elapsed_ms));
        self.frequency_chz = inputs.frequency_chz;
        for (index, household) in self.households.iter_mut().enumerate() {
            let [main, second] = inputs.of_household(index);
            if household.measure(elapsed_ms, &main, &second, self.settings.site().counts_reverse()) {
                self.changes.mark(RecordKey::Reverse);
            }
        }
        self.protect_unseen(elapsed_ms, inputs);
        self.settle();
        let households = &self.households;
        let in_use = |index: usize| households.get(index).is_some_and(|one| !one.credit().is_vacant());
        self.screen.tick(elapsed_ms, self.settings.site().rotation_s, in_use);
    }

    /// Which main relays are commanded closed, bit per household.
    #[must_use]
    pub fn relays(&self) -> u16 {
        self.bits(Household::relay_closed)
    }

    /// Which second relays are commanded closed, bit per household.
    #[must_use]
    pub fn second_relays(&self) -> u16 {
        self.bits(|household| household.second().is_some_and(Loop::relay_closed))
    }

    fn bits(&self, is_set: impl Fn(&Household) -> bool) -> u16 {
        self.households.iter().rev().fold(0, |bits, household| bits << 1 | u16::from(is_set(household)))
    }

    /// Somebody at the meter presses a household's button or shows a card: that acknowledges its low-credit
    /// reminder, and ends its lock-outs where the settings permit it. Returns whether its supply was off for
    /// one of them.
    pub fn acknowledge(&mut self, household: u8) -> bool {
        self.release_by_resident(household) | self.acknowledge_reminder(household)
    }

    fn acknowledge_reminder(&mut self, household: u8) -> bool {
        let acknowledged = self.addressed(household).is_ok_and(Household::acknowledge);
        if acknowledged {
            self.changes.mark(RecordKey::Household(household));
            self.tell_acknowledged(household, 1);
            self.settle();
        }
        acknowledged
    }

    /// Takes a sealed envelope from any courier; the relays follow at once.
    ///
    /// # Errors
    /// The [`Refusal`] that the courier reports; nothing has changed then but the counters.
    pub fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        let opened = envelope::open(&self.key, self.serial, self.trust.nonce, envelope);
        let result = opened.and_then(|opened| self.obey(&opened));
        self.record(envelope, result.map(|_| ()));
        self.settle();
        result.map(|changed| Applied { changed })
    }

    /// Obeys a command and marks the one record that it changes.
    fn obey(&mut self, opened: &Opened) -> Result<bool, Refusal> {
        let (now, command) = (self.clock.now(), &opened.command);
        self.check_fresh(opened)?;
        let (changed, record) = match *command {
            Command::CreditTotals { household, totals } => {
                (self.addressed(household)?.set_totals(totals)?, RecordKey::Household(household))
            }
            Command::OpenEpoch { household, totals } => {
                (self.addressed(household)?.open_epoch(totals, now)?, RecordKey::Household(household))
            }
            Command::Supply { household, supply } => {
                (self.addressed(household)?.set_supply(supply)?, RecordKey::Household(household))
            }
            Command::Clock { generation, now } => (self.clock.set(generation, now)?, RecordKey::Starts),
            Command::HouseholdSettings { household, generation, block } => {
                let changed = self.addressed(household)?.take_settings(generation, block)?;
                (changed, RecordKey::HouseholdSettings { household, block: block.number() })
            }
            Command::Acknowledge { household, reminder } => {
                let changed = self.addressed(household)?.acknowledge_number(reminder)?;
                (changed, RecordKey::Household(household))
            }
            Command::Release { household, lockout } => {
                let (protection, settings) = self.addressed(household)?.protecting();
                (protection.release_number(lockout, settings)?, RecordKey::Protection(household))
            }
            Command::MeterSettings { generation, block } => {
                let changed = self.settings.take(generation, block)?;
                (changed, RecordKey::MeterSettings { block: block.number() })
            }
        };
        if changed {
            self.changes.mark(record);
            self.tell_command(command);
        }
        let proved = self.prove_by(command);
        if proved {
            self.changes.mark(record);
        }
        Ok(changed || proved)
    }

    fn addressed(&mut self, household: u8) -> Result<&mut Household, Refusal> {
        self.households.get_mut(usize::from(household)).ok_or(Refusal::NoSuchHousehold)
    }

    fn record(&mut self, envelope: &[u8], result: Result<(), Refusal>) {
        let log = &mut self.envelopes;
        let counter = if result.is_ok() { &mut log.taken } else { &mut log.refused };
        *counter = counter.saturating_add(1);
        let (kind, household) = envelope::peek(envelope);
        log.last = Some(LastEnvelope { kind, household, result });
    }

    fn settle(&mut self) {
        let moment = self.moment();
        for (index, household) in self.households.iter_mut().enumerate() {
            household.fit_second_loop(self.settings.site().has_second_loop(index));
            if household.settle(&moment) {
                self.changes.mark(RecordKey::Household(index as u8));
            }
        }
        self.tell_changes();
    }
}

impl Inputs {
    /// The main loop and the second of a household.
    fn of_household(&self, index: usize) -> [Reading; 2] {
        let reading = |measurements: &[Measurement], contacts: u16| Reading {
            measurement: measurements.get(index).copied().unwrap_or_default(),
            contact_closed: contacts >> index & 1 == 1,
        };
        [
            reading(&self.measurements, self.contacts_closed),
            reading(&self.second_measurements, self.second_contacts_closed),
        ]
    }
}

/// Without the key, so that no log can betray it.
impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("serial", &self.serial)
            .field("households", &self.households)
            .field("clock", &self.clock)
            .field("boot_count", &self.boot_count)
            .field("uptime_ms", &self.uptime_ms)
            .field("frequency_chz", &self.frequency_chz)
            .field("envelopes", &self.envelopes)
            .finish_non_exhaustive()
    }
}
