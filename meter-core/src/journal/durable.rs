//! A meter with its memory: what was confirmed survives, and history is kept.

use super::key::{EVENTS, JournalKey};
use super::memory::{Memory, MemoryError};
use super::profile::Reading;
use super::store::{Record, Rot, Store};
use crate::bytes::{Reader, Writer};
use crate::energy::Energy;
use crate::envelope::{HOUSEHOLDS, Key, Refusal};
use crate::events::Event;
use crate::meter::{Applied, BadRecord, Inputs, MAX_RECORD_LEN, Meter, RecordKey};
use crate::protection::Flow;
use crate::protection::vicious::Verdict;
use crate::serial::Serial;
use crate::settings::LoopId;
use core::fmt;

/// The energy of at most this long is lost in a power cut.
pub const SAVE_EVERY_MS: u32 = 1000;

/// Why a meter cannot start from its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartError {
    /// The memory failed.
    Memory(MemoryError),
    /// A record is whole, but none that this firmware writes, or of another meter.
    Record(BadRecord),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(error) => write!(f, "{error}"),
            Self::Record(BadRecord(key)) => write!(f, "the record of {key:?} is not this meter's"),
        }
    }
}

impl core::error::Error for StartError {}

impl From<MemoryError> for StartError {
    fn from(error: MemoryError) -> Self {
        Self::Memory(error)
    }
}

/// A meter and the journal of its life.
#[derive(Clone, Debug)]
pub struct DurableMeter<M> {
    pub(crate) meter: Meter,
    store: Store<M>,
    saved_energy: [Energy; HOUSEHOLDS],
    unsaved_ms: u32,
}

impl<M: Memory> DurableMeter<M> {
    /// A meter as it leaves the factory: whatever the memory holds is erased. Nothing was ever sent to it, so
    /// that it takes commands that are not fresh. To be done again if the power fails meanwhile.
    ///
    /// # Errors
    /// [`StartError::Memory`].
    pub fn commission(serial: Serial, key: Key, mut memory: M) -> Result<Self, StartError> {
        (0..memory.pages()).try_for_each(|page| memory.erase(page))?;
        let mut meter = Meter::new(serial, key);
        meter.prove_all();
        let mut store = Store::open(memory)?;
        // That nothing was found is as it should be.
        store.take_rot();
        Ok(Self::of(meter, store)?)
    }

    /// A meter as its memory says, with the clock unknown and one more start counted. What the memory cannot
    /// prove to be the latest, a blank one nothing at all, is taken anew only from fresh commands.
    ///
    /// # Errors
    /// [`StartError`]; a meter must not start from half of what it knew.
    pub fn start(serial: Serial, key: Key, memory: M) -> Result<Self, StartError> {
        let mut store = Store::open(memory)?;
        let mut meter = Meter::new(serial, key);
        for key in RecordKey::all() {
            match store.get(JournalKey::State(key))? {
                Some(record) => meter.load_record(key, record.content()).map_err(StartError::Record)?,
                None => doubt(&mut meter, key),
            }
        }
        let latest_event = latest_event(&mut store)?;
        let rot = store.take_rot();
        if rot.unproven {
            RecordKey::all().for_each(|key| doubt(&mut meter, key));
        }
        // The number of an event that was lost must not be given to another.
        meter.begin(latest_event.saturating_add(u32::from(rot.lost > 0)));
        meter.tell_rot(rot.repaired, rot.lost, rot.unproven);
        let mut durable = Self::of(meter, store)?;
        // Only now that it is told where it survives.
        durable.store.mend(rot != Rot::default())?;
        durable.watch();
        durable.save_changes()?;
        Ok(durable)
    }

    fn of(meter: Meter, store: Store<M>) -> Result<Self, MemoryError> {
        let saved_energy = energies(&meter);
        let mut durable = Self { meter, store, saved_energy, unsaved_ms: 0 };
        durable.save_changes()?;
        Ok(durable)
    }

    /// The meter itself.
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The memory.
    pub const fn memory(&self) -> &M {
        self.store.memory()
    }

    /// The memory, to handle the part itself; what it holds is the journal's.
    pub const fn memory_mut(&mut self) -> &mut M {
        self.store.memory_mut()
    }

    /// As [`Meter::tick`], and keeps what is due: the energy each second, the totals at each full hour.
    pub fn tick(&mut self, elapsed_ms: u32, inputs: &Inputs) {
        let mut left_ms = elapsed_ms;
        loop {
            let step_ms = self.meter.clock().ms_to_full_hour().map_or(left_ms, |ms| left_ms.min(ms));
            self.meter.tick(step_ms, inputs);
            left_ms -= step_ms;
            let reading = Reading::of(&self.meter).filter(|_| step_ms > 0);
            let answer = reading.map_or(Ok(()), |reading| self.keep(&reading));
            self.note(answer);
            if left_ms == 0 {
                break;
            }
        }
        self.unsaved_ms = self.unsaved_ms.saturating_add(elapsed_ms);
        // The next step may be as long.
        let due = self.unsaved_ms.saturating_add(elapsed_ms) > SAVE_EVERY_MS;
        let answer = if due { self.save_energy() } else { Ok(()) };
        let answer = answer.and_then(|()| self.save_changes());
        self.note(answer);
    }

    /// As [`Meter::apply`]; what is answered with success survives a power cut.
    ///
    /// # Errors
    /// The meter's refusal; [`Refusal::NotSaved`] if the memory failed. The command is then in force until
    /// the next power cut, and a repeat tries to save it again.
    pub fn apply(&mut self, envelope: &[u8]) -> Result<Applied, Refusal> {
        let before = self.meter.clock().now();
        let answer = self.meter.apply(envelope);
        let saved = self.save_changes();
        self.note(saved);
        if answer.is_ok() && saved.is_err() {
            self.meter.unrecord(Refusal::NotSaved);
            return Err(Refusal::NotSaved);
        }
        if let Some(reading) = Reading::jumped(&self.meter, before) {
            let kept = self.keep(&reading);
            self.note(kept);
        }
        answer
    }

    /// As [`Meter::cycle`]; a lock-out survives a power cut.
    pub fn cycle(&mut self, duration_us: u32, flows: &[Flow; HOUSEHOLDS]) {
        self.meter.cycle(duration_us, flows);
        self.keep_up();
    }

    /// As [`Meter::accuse`]; a lock-out survives a power cut.
    pub fn accuse(&mut self, household: u8, id: LoopId, phase: u8, verdict: &Verdict) {
        self.meter.accuse(household, id, phase, verdict);
        self.keep_up();
    }

    /// Saves what has changed, if anything has: between ticks it is rare.
    fn keep_up(&mut self) {
        if self.meter.next_change().is_some() || self.meter.next_event().is_some() {
            let saved = self.save_changes();
            self.note(saved);
        }
    }

    /// As [`Meter::acknowledge`].
    pub fn acknowledge(&mut self, household: u8) -> bool {
        let acknowledged = self.meter.acknowledge(household);
        let saved = self.save_changes();
        self.note(saved);
        acknowledged
    }

    /// As [`Meter::set_nonce`].
    pub const fn set_nonce(&mut self, nonce: u32) {
        self.meter.set_nonce(nonce);
    }

    /// As [`Meter::show`].
    pub fn show(&mut self, household: usize) {
        self.meter.show(household);
    }

    /// The event kept at a place, 0 to 199: the one whose number is this modulo 200.
    pub fn event(&mut self, place: u16) -> Option<Event> {
        let record = self.history(JournalKey::Event(place))?;
        Event::read(&mut Reader::new(record.content()))
    }

    /// The reading kept at a place, 0 to 959: the one at the full hour whose number since 1970 is this
    /// modulo 960.
    pub fn reading(&mut self, place: u16) -> Option<Reading> {
        let record = self.history(JournalKey::Hour(place))?;
        Reading::read(&mut Reader::new(record.content()))
    }

    fn history(&mut self, key: JournalKey) -> Option<Record> {
        let record = self.store.get(key).ok().flatten();
        self.watch();
        record
    }

    fn note(&mut self, answer: Result<(), MemoryError>) {
        self.meter.set_memory_fault(answer.is_err());
        self.watch();
    }

    /// Tells what rotted meanwhile; the event is saved with the next change.
    fn watch(&mut self) {
        let rot = self.store.take_rot();
        if rot != Rot::default() {
            self.meter.tell_rot(rot.repaired, rot.lost, rot.unproven);
        }
    }

    fn keep(&mut self, reading: &Reading) -> Result<(), MemoryError> {
        // The energy first: no reading may be ahead of the register it was taken of.
        self.save_energy()?;
        self.put(JournalKey::hour(reading.at.0), |writer| reading.write(writer))
    }

    fn save_energy(&mut self) -> Result<(), MemoryError> {
        let energy = energies(&self.meter);
        if energy != self.saved_energy {
            self.save(RecordKey::Energy)?;
            self.saved_energy = energy;
        }
        self.unsaved_ms = 0;
        Ok(())
    }

    fn save_changes(&mut self) -> Result<(), MemoryError> {
        while let Some(key) = self.meter.next_change() {
            self.save(key)?;
            self.meter.clear_change(key);
        }
        while let Some(event) = self.meter.next_event() {
            self.put(JournalKey::event(event.number), |writer| event.write(writer))?;
            self.meter.clear_event();
        }
        Ok(())
    }

    fn save(&mut self, key: RecordKey) -> Result<(), MemoryError> {
        let mut record = [0; MAX_RECORD_LEN];
        let mut writer = Writer::new(&mut record);
        self.meter.write_record(key, &mut writer).ok_or(MemoryError::TooSmall)?;
        self.store.put(JournalKey::State(key), writer.written())
    }

    fn put(
        &mut self,
        key: JournalKey,
        write: impl FnOnce(&mut Writer<'_>) -> Option<()>,
    ) -> Result<(), MemoryError> {
        let mut record = [0; MAX_RECORD_LEN];
        let mut writer = Writer::new(&mut record);
        write(&mut writer).ok_or(MemoryError::TooSmall)?;
        self.store.put(key, writer.written())
    }
}

/// A record is missing, or may be an old one.
fn doubt(meter: &mut Meter, key: RecordKey) {
    match key {
        RecordKey::Household(household) => meter.doubt_household(household),
        RecordKey::Starts => meter.doubt_meter(),
        _ => {}
    }
}

fn latest_event<M: Memory>(store: &mut Store<M>) -> Result<u32, MemoryError> {
    let mut latest = 0;
    for place in 0..EVENTS as u16 {
        if let Some(record) = store.get(JournalKey::Event(place))? {
            let number = Reader::new(record.content()).u32().unwrap_or(0);
            latest = latest.max(number);
        }
    }
    Ok(latest)
}

fn energies(meter: &Meter) -> [Energy; HOUSEHOLDS] {
    let mut energies = [Energy::default(); HOUSEHOLDS];
    for (energy, household) in energies.iter_mut().zip(meter.households()) {
        *energy = *household.energy();
    }
    energies
}
