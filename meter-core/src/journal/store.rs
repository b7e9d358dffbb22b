//! The latest record of each key, in two rings of pages of which each survives what befalls the other.
//!
//! The first half of the memory is one ring (`ring.rs`), the second half the other. A record of the
//! state is written to both, so that the loss of any page loses none; the energy, which is written most
//! often, to both in turn, so that a page that is lost costs one second more and no wear; an event or a
//! reading to one of them. Stamps tell which of two records is the later. Each ring also notes how far the
//! other has come, so that the loss of a current page is noticed too.

use super::key::{Home, JournalKey};
use super::memory::{Memory, MemoryError};
use super::page::{self, Found, HEAD_LEN};
use super::ring::{MAX_RING_LEN, MIN_PAGES, Put, Ring, Tally};
use crate::meter::RecordKey;

/// What the memory did to what was written, since this was last asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rot {
    /// Bits that had flipped and were put right, each counted once for a record or a head.
    pub repaired: u16,
    /// Pages and records that are gone; those of the state from one ring, so that the other has them.
    pub lost: u16,
    /// Both rings have losses, or nothing was found at all: the state may be an old one.
    pub unproven: bool,
}

/// A store over a memory.
#[derive(Clone, Debug)]
pub struct Store<M> {
    memory: M,
    rings: [Ring; 2],
    /// What each ring was last said to have reached, in the other.
    announced: [u32; 2],
    stamp: u32,
    /// The ring that the next record of the energy goes to.
    turn: usize,
    /// A write failed half-way: what is known of the memory must be found anew.
    unsure: bool,
    unproven: bool,
}

impl<M: Memory> Store<M> {
    /// Finds what a memory holds, and writes nothing.
    ///
    /// # Errors
    /// Those of the memory.
    pub fn open(memory: M) -> Result<Self, MemoryError> {
        // Of a memory beyond 1 MB the rest is left alone.
        let pages = (memory.pages() / 2).min(MAX_RING_LEN / memory.page_len().max(1));
        if pages < MIN_PAGES || memory.page_len() < HEAD_LEN + page::MAX_STORED_LEN as u32 {
            return Err(MemoryError::TooSmall);
        }
        let rings = [Ring::new(0, pages), Ring::new(pages, pages)];
        let mut store =
            Self { memory, rings, announced: [0; 2], stamp: 0, turn: 0, unsure: true, unproven: false };
        store.find()?;
        Ok(store)
    }

    /// The memory.
    pub const fn memory(&self) -> &M {
        &self.memory
    }

    /// The memory, to handle the part itself; what it holds is the store's.
    pub const fn memory_mut(&mut self) -> &mut M {
        &mut self.memory
    }

    /// What was found wrong since this was last asked.
    pub fn take_rot(&mut self) -> Rot {
        let [first, second] = self.rings.each_mut().map(|ring| core::mem::take(&mut ring.tally));
        Rot {
            repaired: first.repaired.saturating_add(second.repaired),
            lost: first.lost.saturating_add(second.lost),
            unproven: core::mem::take(&mut self.unproven),
        }
    }

    /// The latest record of a key; `None` if there is none that can be read.
    ///
    /// # Errors
    /// Those of the memory.
    pub fn get(&mut self, key: JournalKey) -> Result<Option<Record>, MemoryError> {
        let [first, second] = match key.home() {
            Home::One(0) => [self.read(0, key)?, None],
            Home::One(_) => [None, self.read(1, key)?],
            Home::Both | Home::InTurn => [self.read(0, key)?, self.read(1, key)?],
        };
        let later = match (first, second) {
            (Some(first), Some(second)) if second.stamp() > first.stamp() => Some(second),
            (first, second) => first.or(second),
        };
        Ok(later.map(Record))
    }

    /// A ring's record of a key; one that cannot be read any more is counted as lost.
    fn read(&mut self, ring: usize, key: JournalKey) -> Result<Option<Found>, MemoryError> {
        let Some(ring) = self.rings.get_mut(ring) else { return Ok(None) };
        match ring.read(&mut self.memory, key) {
            Err(MemoryError::Worn) => {
                ring.give_up(key.index());
                Ok(None)
            }
            found => found,
        }
    }

    /// Writes a record. When this returns, the record survives.
    ///
    /// # Errors
    /// Those of the memory; the record of before counts then, or this one.
    pub fn put(&mut self, key: JournalKey, content: &[u8]) -> Result<(), MemoryError> {
        if self.unsure {
            self.find()?;
        }
        let answer = self.put_everywhere(key, content);
        self.unsure = answer.is_err();
        answer
    }

    fn put_everywhere(&mut self, key: JournalKey, content: &[u8]) -> Result<(), MemoryError> {
        self.stamp = self.stamp.checked_add(1).ok_or(MemoryError::Worn)?;
        let put = Put { key: key.code(), stamp: self.stamp, content };
        match key.home() {
            Home::One(ring) => self.put_in(ring, &put)?,
            Home::InTurn => {
                self.put_in(self.turn, &put)?;
                self.turn = 1 - self.turn;
            }
            Home::Both => {
                self.put_in(0, &put)?;
                self.put_in(1, &put)?;
            }
        }
        self.announce()
    }

    fn put_in(&mut self, ring: usize, put: &Put<'_>) -> Result<(), MemoryError> {
        let [first, second] = &mut self.rings;
        let (ring, other) = if ring == 0 { (first, &*second) } else { (second, &*first) };
        ring.put(&mut self.memory, other, put)
    }

    /// Notes in each ring how far the other has come. A note may itself make its ring go on, once.
    fn announce(&mut self) -> Result<(), MemoryError> {
        for ring in [0, 1, 0] {
            let [first, second] = &self.rings;
            let reached = if ring == 0 { first.sequence } else { second.sequence };
            let [of_first, of_second] = &mut self.announced;
            let announced = if ring == 0 { of_first } else { of_second };
            if *announced != reached {
                *announced = reached;
                self.stamp = self.stamp.checked_add(1).ok_or(MemoryError::Worn)?;
                let content = reached.to_be_bytes();
                let put = Put { key: JournalKey::Progress.code(), stamp: self.stamp, content: &content };
                self.put_in(1 - ring, &put)?;
            }
        }
        Ok(())
    }

    /// Makes whole again what a fault or a power cut left in one ring alone, and takes damaged pages out of
    /// use. To be called after what was found is told where it survives.
    ///
    /// # Errors
    /// Those of the memory; to be done again then.
    pub fn mend(&mut self, damaged: bool) -> Result<(), MemoryError> {
        let answer = self.mend_rings(damaged);
        self.unsure = answer.is_err();
        answer
    }

    fn mend_rings(&mut self, damaged: bool) -> Result<(), MemoryError> {
        for key in RecordKey::all().map(JournalKey::State) {
            if key.home() != Home::Both {
                continue;
            }
            let stamp = |found: &Option<Found>| found.as_ref().map_or(0, Found::stamp);
            let (first, second) = (self.read(0, key)?, self.read(1, key)?);
            let (stale, later) = match stamp(&first).cmp(&stamp(&second)) {
                core::cmp::Ordering::Less => (0, second),
                core::cmp::Ordering::Equal => continue,
                core::cmp::Ordering::Greater => (1, first),
            };
            if let Some(later) = later {
                let put = Put { key: key.code(), stamp: later.stamp(), content: later.content() };
                self.put_in(stale, &put)?;
            }
        }
        if damaged {
            let [first, second] = &mut self.rings;
            first.turn(&mut self.memory, second)?;
            second.turn(&mut self.memory, first)?;
        }
        self.announce()
    }

    /// Finds the current pages and the latest record of each key.
    fn find(&mut self) -> Result<(), MemoryError> {
        let [first, second] = &mut self.rings;
        self.stamp = first.find(&mut self.memory)?.max(second.find(&mut self.memory)?);
        let energy = JournalKey::State(RecordKey::Energy);
        let stamp = |found: Option<Found>| found.map_or(0, |found| found.stamp());
        self.turn = usize::from(stamp(self.read(0, energy)?) > stamp(self.read(1, energy)?));
        for ring in [0, 1] {
            let note = self.read(1 - ring, JournalKey::Progress)?;
            let reached =
                note.and_then(|note| note.content().first_chunk().copied()).map_or(0, u32::from_be_bytes);
            let ([found, ..], [announced, ..]) =
                (self.rings.split_at_mut(ring).1, self.announced.split_at_mut(ring).1)
            else {
                continue;
            };
            *announced = reached;
            if reached > found.sequence {
                found.tally.lost = found.tally.lost.saturating_add(1);
                if found.sequence == 0 {
                    found.begin_at(&self.memory, reached);
                }
            }
        }
        let nothing = self.rings.iter().all(|ring| ring.sequence == 0);
        let no_loss = |ring: &Ring| ring.tally == Tally { lost: 0, ..ring.tally };
        self.unproven |= nothing || !self.rings.iter().any(no_loss);
        self.unsure = false;
        Ok(())
    }
}

/// A record that was found.
pub struct Record(Found);

impl Record {
    /// What was written.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        self.0.content()
    }
}
