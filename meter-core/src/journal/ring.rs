//! A ring of pages that survives a power cut at any write or erase.
//!
//! Pages are used one after the other. The page after the current one (the spare) never holds a record that
//! counts. To go on to it: erase it, write its head, copy to it everything that the index finds in the page
//! after it, each record read back, and mark it complete. Only then is it the current page, and the one
//! after it the new spare. A page without the mark is no page: after a power cut on the way the same is
//! simply done again, however often. A torn record ends its page; the next goes to the next page.
//!
//! The sequence number of a page says which page it is, so that one that is missing is noticed, and one
//! whose head has gone is still copied from.

use super::key::{JournalKey, RING_KEYS};
use super::memory::{Memory, MemoryError};
use super::page::{self, ALIGN, Found, HEAD_LEN, Looked, Stored};
use crate::meter::STATE_RECORDS;

/// Fewest pages: the current one, the spare and one to copy from.
pub(super) const MIN_PAGES: u32 = 3;

/// Most bytes of a ring: what the index can count.
pub(super) const MAX_RING_LEN: u32 = (u16::MAX as u32 + 1) * ALIGN;

/// What was found wrong in a ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Heads and records of which a bit was put right.
    pub(super) repaired: u16,
    /// Pages and records that are gone.
    pub(super) lost: u16,
}

/// A record to write.
#[derive(Clone, Copy)]
pub(super) struct Put<'a> {
    pub(super) key: u16,
    pub(super) stamp: u32,
    pub(super) content: &'a [u8],
}

/// A ring of pages and where the latest record of each of its keys lies.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    first: u32,
    pages: u32,
    /// Where the latest record of each key lies from the start of the ring, in units of [`ALIGN`]; 0 (a page's
    /// head) for none.
    index: [u16; RING_KEYS],
    /// Of the current page; 0 before the first.
    pub(super) sequence: u32,
    /// Where the next record goes, from the start of the memory.
    free: u32,
    pub(super) tally: Tally,
}

impl Ring {
    /// A ring of which nothing is known yet.
    pub(super) const fn new(first: u32, pages: u32) -> Self {
        Self {
            first,
            pages,
            index: [0; RING_KEYS],
            sequence: 0,
            free: 0,
            tally: Tally { repaired: 0, lost: 0 },
        }
    }

    /// Finds the current page and the latest record of each key; returns the highest stamp.
    pub(super) fn find<M: Memory>(&mut self, memory: &mut M) -> Result<u32, MemoryError> {
        (self.index, self.tally, self.sequence) = ([0; RING_KEYS], Tally::default(), 0);
        for page in self.first..self.first + self.pages {
            let sequence = page::head_of(memory, page)?.map_or(0, |head| head.sequence);
            if self.page_of(sequence) == page {
                self.sequence = self.sequence.max(sequence);
            }
        }
        self.begin_at(memory, self.sequence);
        let mut latest_stamp = 0;
        // In the order in which they were written; the spare page holds nothing that counts.
        for back in (0..self.pages - 1).rev() {
            let Some(sequence) = self.sequence.checked_sub(back).filter(|sequence| *sequence > 0) else {
                continue;
            };
            match page::head_of(memory, self.page_of(sequence))?.filter(|head| head.sequence == sequence) {
                Some(head) => {
                    self.tally.repaired += u16::from(head.repaired);
                    latest_stamp = latest_stamp.max(self.index_page(memory, sequence)?);
                }
                None => self.tally.lost += 1,
            }
        }
        Ok(latest_stamp)
    }

    /// Goes on after a page that cannot be read any more, or from the very beginning.
    pub(super) fn begin_at<M: Memory>(&mut self, memory: &M, sequence: u32) {
        self.sequence = sequence;
        self.free = self.end(memory);
    }

    /// Remembers the records of a page, and where the next may go: nowhere if its rest is not clean. Returns
    /// the highest stamp.
    fn index_page<M: Memory>(&mut self, memory: &mut M, sequence: u32) -> Result<u32, MemoryError> {
        let start = self.page_of(sequence) * memory.page_len();
        let (mut address, end) = (start + HEAD_LEN, start + memory.page_len());
        let mut latest_stamp = 0;
        loop {
            match page::look(memory, sequence, address, end)? {
                Looked::Record(found) => {
                    self.tally.repaired += u16::from(found.repaired);
                    latest_stamp = latest_stamp.max(found.stamp());
                    self.remember(memory, found.key(), address);
                    address += found.stored_len();
                }
                looked => match next_record(memory, sequence, address, end)? {
                    Some(next) => {
                        self.tally.lost += 1;
                        address = next;
                    }
                    None => {
                        let clean = matches!(looked, Looked::Blank) && is_erased(memory, address, end)?;
                        self.free = if clean { address } else { end };
                        return Ok(latest_stamp);
                    }
                },
            }
        }
    }

    /// The latest record of a key.
    pub(super) fn read<M: Memory>(
        &self,
        memory: &mut M,
        key: JournalKey,
    ) -> Result<Option<Found>, MemoryError> {
        let found = self.read_place(memory, key.index())?;
        Ok(found.filter(|found| found.key() == key.code()))
    }

    /// The record that a place of the index points to; [`MemoryError::Worn`] if it cannot be read any more.
    fn read_place<M: Memory>(&self, memory: &mut M, place: usize) -> Result<Option<Found>, MemoryError> {
        let Some(address) = self.address_of(memory, place) else { return Ok(None) };
        let page = address / memory.page_len();
        let back = (self.page_of(self.sequence) + self.pages - page) % self.pages;
        let sequence = self.sequence.saturating_sub(back);
        match page::look(memory, sequence, address, (page + 1) * memory.page_len())? {
            Looked::Record(found) if place_of(found.key()) == Some(place) => Ok(Some(found)),
            _ => Err(MemoryError::Worn),
        }
    }

    /// Forgets a record that cannot be read any more, so that it is told once.
    pub(super) fn give_up(&mut self, place: usize) {
        if let Some(slot) = self.index.get_mut(place) {
            *slot = 0;
            self.tally.lost = self.tally.lost.saturating_add(1);
        }
    }

    /// Writes a record; the other ring helps out with what rots meanwhile.
    pub(super) fn put<M: Memory>(
        &mut self,
        memory: &mut M,
        other: &Self,
        put: &Put<'_>,
    ) -> Result<(), MemoryError> {
        // Once round the ring everything that does not count is gone.
        for _ in 0..=self.pages {
            match self.append(memory, put) {
                Ok(true) => return Ok(()),
                // A worn byte: the record goes to another page.
                Ok(false) | Err(MemoryError::Worn) => self.advance(memory, other)?,
                Err(error) => return Err(error),
            }
        }
        Err(MemoryError::TooSmall)
    }

    /// Takes every page into use anew, so that none remains of which a part was damaged.
    pub(super) fn turn<M: Memory>(&mut self, memory: &mut M, other: &Self) -> Result<(), MemoryError> {
        (0..self.pages).try_for_each(|_| self.advance(memory, other))
    }

    /// Writes to the current page; `false` if it has no room.
    fn append<M: Memory>(&mut self, memory: &mut M, put: &Put<'_>) -> Result<bool, MemoryError> {
        let stored =
            Stored::new(self.sequence, put.key, put.stamp, put.content).ok_or(MemoryError::TooSmall)?;
        let len = stored.bytes().len() as u32;
        if self.free + len > self.end(memory) {
            return Ok(false);
        }
        let address = self.free;
        page::write_checked(memory, address, stored.bytes())?;
        self.free += len;
        self.remember(memory, put.key, address);
        Ok(true)
    }

    /// Goes on to the spare page.
    fn advance<M: Memory>(&mut self, memory: &mut M, other: &Self) -> Result<(), MemoryError> {
        let next = self.sequence.checked_add(1).ok_or(MemoryError::Worn)?;
        let (spare, oldest) = (self.page_of(next), self.page_of(next + 1));
        memory.erase(spare)?;
        self.sequence = next;
        self.free = spare * memory.page_len() + HEAD_LEN;
        page::write_head(memory, spare, next)?;
        self.copy_what_counts(memory, other, oldest)?;
        page::write_mark(memory, spare, next)
    }

    /// Copies everything that the index finds in a page, which may be erased after that.
    fn copy_what_counts<M: Memory>(
        &mut self,
        memory: &mut M,
        other: &Self,
        from: u32,
    ) -> Result<(), MemoryError> {
        for place in 0..RING_KEYS {
            let address = self.address_of(memory, place);
            let here = address.is_some_and(|address| address / memory.page_len() == from);
            if !here {
                continue;
            }
            let found = match self.read_place(memory, place) {
                Err(MemoryError::Worn) => self.rescue(memory, other, place)?,
                found => found?,
            };
            let Some(found) = found else { continue };
            self.tally.repaired = self.tally.repaired.saturating_add(found.repaired.into());
            let put = Put { key: found.key(), stamp: found.stamp(), content: found.content() };
            // What counts of one page always fits another.
            if !self.append(memory, &put)? {
                return Err(MemoryError::TooSmall);
            }
        }
        Ok(())
    }

    /// The other ring's record instead of one that cannot be read any more, if it is of the state.
    fn rescue<M: Memory>(
        &mut self,
        memory: &mut M,
        other: &Self,
        place: usize,
    ) -> Result<Option<Found>, MemoryError> {
        self.give_up(place);
        if place >= STATE_RECORDS {
            return Ok(None);
        }
        match other.read_place(memory, place) {
            Err(MemoryError::Worn) => Ok(None),
            found => found,
        }
    }

    fn remember<M: Memory>(&mut self, memory: &M, key: u16, address: u32) {
        let from_start = address - self.first * memory.page_len();
        if let Some(slot) = place_of(key).and_then(|place| self.index.get_mut(place)) {
            // What a ring holds at most, units of 8 bytes can count.
            *slot = (from_start / ALIGN) as u16;
        }
    }

    fn address_of<M: Memory>(&self, memory: &M, place: usize) -> Option<u32> {
        let units = self.index.get(place).copied().filter(|units| *units != 0)?;
        Some(self.first * memory.page_len() + u32::from(units) * ALIGN)
    }

    /// The page that has a sequence number.
    fn page_of(&self, sequence: u32) -> u32 {
        self.first + sequence.wrapping_add(self.pages - 1) % self.pages
    }

    /// The end of the current page.
    fn end<M: Memory>(&self, memory: &M) -> u32 {
        (self.page_of(self.sequence) + 1) * memory.page_len()
    }
}

/// Where a key stands in the index; records of keys that this firmware does not know are let go.
fn place_of(key: u16) -> Option<usize> {
    JournalKey::from_code(key).map(JournalKey::index)
}

/// The next whole record behind something that is none.
fn next_record<M: Memory>(
    memory: &mut M,
    sequence: u32,
    from: u32,
    end: u32,
) -> Result<Option<u32>, MemoryError> {
    for address in (from..end).step_by(ALIGN as usize).skip(1) {
        if page::is_record(memory, sequence, address, end)? {
            return Ok(Some(address));
        }
    }
    Ok(None)
}

fn is_erased<M: Memory>(memory: &mut M, from: u32, end: u32) -> Result<bool, MemoryError> {
    let mut chunk = [0; 32];
    for address in (from..end).step_by(chunk.len()) {
        let len = chunk.len().min((end - address) as usize);
        let read = chunk.get_mut(..len).unwrap_or_default();
        memory.read(address, read)?;
        if read.iter().any(|byte| *byte != 0xFF) {
            return Ok(false);
        }
    }
    Ok(true)
}
