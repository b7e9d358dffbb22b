//! The latest record of each key, in a ring of pages that survives a power cut at any write or erase.
//!
//! Pages are used one after the other, in a ring. The page after the current one (the spare) never holds a
//! record that counts. To go on to it: erase it, write its head, copy to it what still counts in the page
//! after it, mark it complete. Only then is it the current page, and the one after it the new spare. A page
//! without the mark is no page: after a power cut on the way the same is simply done again, however often.
//! A torn record ends its page; the next record goes to the next page.

use super::key::{JournalKey, KEYS};
use super::memory::{Memory, MemoryError};
use super::page::{self, Found, HEAD_LEN, Looked, Stored};

/// Fewest pages: the current one, the spare and one to copy from.
const MIN_PAGES: u32 = 3;

/// A store over a memory.
#[derive(Clone, Debug)]
pub struct Store<M> {
    memory: M,
    /// Address of the latest record of each key, 0 (a page's head) for none.
    index: [u32; KEYS],
    page: u32,
    sequence: u32,
    /// Where the next record goes, from the start of the memory.
    free: u32,
    /// A write failed half-way: what is known of the memory must be found anew.
    lost: bool,
}

impl<M: Memory> Store<M> {
    /// Finds what a memory holds; one without a complete page is begun anew.
    ///
    /// # Errors
    /// Those of the memory.
    pub fn open(memory: M) -> Result<Self, MemoryError> {
        let mut store = Self { memory, index: [0; KEYS], page: 0, sequence: 0, free: 0, lost: true };
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

    /// The latest record of a key; `None` if there is none.
    ///
    /// # Errors
    /// Those of the memory; [`MemoryError::Worn`] if the record is no longer what was written.
    pub fn get(&mut self, key: JournalKey) -> Result<Option<Record>, MemoryError> {
        let Some(address) = self.index.get(key.index()).copied().filter(|address| *address != 0) else {
            return Ok(None);
        };
        let page = address / self.memory.page_len();
        let sequence = page::sequence_of(&mut self.memory, page)?.ok_or(MemoryError::Worn)?;
        let end = self.end_of(page);
        match page::look(&mut self.memory, sequence, address, end)? {
            Looked::Record(found) if found.key == key.code() => Ok(Some(Record(found))),
            _ => Err(MemoryError::Worn),
        }
    }

    /// Writes a record. When this returns, the record survives.
    ///
    /// # Errors
    /// Those of the memory; the record of before counts then, or this one.
    pub fn put(&mut self, key: JournalKey, content: &[u8]) -> Result<(), MemoryError> {
        if self.lost {
            self.find()?;
        }
        let answer = self.put_somewhere(key, content);
        self.lost = answer.is_err();
        answer
    }

    fn put_somewhere(&mut self, key: JournalKey, content: &[u8]) -> Result<(), MemoryError> {
        // Once round the ring everything that does not count is gone.
        for _ in 0..=self.memory.pages() {
            match self.append(key.code(), content) {
                Ok(true) => return Ok(()),
                // A worn byte: the record goes to another page.
                Ok(false) | Err(MemoryError::Worn) => self.advance()?,
                Err(error) => return Err(error),
            }
        }
        Err(MemoryError::TooSmall)
    }

    /// Writes to the current page; `false` if it has no room.
    fn append(&mut self, key: u16, content: &[u8]) -> Result<bool, MemoryError> {
        let stored = Stored::new(self.sequence, key, content).ok_or(MemoryError::TooSmall)?;
        let len = stored.bytes().len() as u32;
        if self.free + len > self.end_of(self.page) {
            return Ok(false);
        }
        let address = self.free;
        page::write_checked(&mut self.memory, address, stored.bytes())?;
        self.free += len;
        self.remember(key, address);
        Ok(true)
    }

    /// Goes on to the spare page.
    fn advance(&mut self) -> Result<(), MemoryError> {
        let (spare, oldest) = (self.after(self.page), self.after(self.after(self.page)));
        let oldest_sequence = page::sequence_of(&mut self.memory, oldest)?;
        self.memory.erase(spare)?;
        self.page = spare;
        self.sequence = self.sequence.checked_add(1).ok_or(MemoryError::Worn)?;
        self.free = spare * self.memory.page_len() + HEAD_LEN;
        page::write_head(&mut self.memory, spare, self.sequence)?;
        if let Some(sequence) = oldest_sequence {
            self.copy_what_counts(oldest, sequence)?;
        }
        page::write_mark(&mut self.memory, spare, self.sequence)
    }

    fn copy_what_counts(&mut self, from: u32, sequence: u32) -> Result<(), MemoryError> {
        let mut address = from * self.memory.page_len() + HEAD_LEN;
        let end = self.end_of(from);
        while let Looked::Record(found) = page::look(&mut self.memory, sequence, address, end)? {
            let counts = place(found.key).and_then(|place| self.index.get(place)) == Some(&address);
            // What counts of one page always fits another.
            if counts && !self.append(found.key, found.content())? {
                return Err(MemoryError::TooSmall);
            }
            address += found.stored_len();
        }
        Ok(())
    }

    /// Finds the current page and the latest record of each key.
    fn find(&mut self) -> Result<(), MemoryError> {
        let pages = self.memory.pages();
        if pages < MIN_PAGES || self.memory.page_len() < HEAD_LEN + page::MAX_STORED_LEN as u32 {
            return Err(MemoryError::TooSmall);
        }
        self.index = [0; KEYS];
        let mut latest = None;
        for page in 0..pages {
            let sequence = page::sequence_of(&mut self.memory, page)?;
            latest = latest.max(sequence.map(|sequence| (sequence, page)));
        }
        let Some((sequence, current)) = latest else { return self.begin() };
        (self.page, self.sequence) = (current, sequence);
        // In the order in which they were written: the ring, beginning after the current page.
        let mut page = current;
        for _ in 0..pages {
            page = self.after(page);
            if let Some(sequence) = page::sequence_of(&mut self.memory, page)? {
                self.free = self.index_page(page, sequence)?;
            }
        }
        self.lost = false;
        Ok(())
    }

    /// Remembers the records of a page and returns where the next may go: at its end if the rest of the page
    /// is not clean.
    fn index_page(&mut self, page: u32, sequence: u32) -> Result<u32, MemoryError> {
        let end = self.end_of(page);
        let mut address = page * self.memory.page_len() + HEAD_LEN;
        loop {
            match page::look(&mut self.memory, sequence, address, end)? {
                Looked::Record(found) => {
                    self.remember(found.key, address);
                    address += found.stored_len();
                }
                Looked::Torn => return Ok(end),
                Looked::Blank => {
                    // Only the current page is written to; the others need no further look.
                    let clean = page != self.page || self.is_erased(address, end)?;
                    return Ok(if clean { address } else { end });
                }
            }
        }
    }

    fn is_erased(&mut self, from: u32, end: u32) -> Result<bool, MemoryError> {
        let mut chunk = [0; 32];
        for address in (from..end).step_by(chunk.len()) {
            let len = chunk.len().min((end - address) as usize);
            let read = chunk.get_mut(..len).unwrap_or_default();
            self.memory.read(address, read)?;
            if read.iter().any(|byte| *byte != 0xFF) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin(&mut self) -> Result<(), MemoryError> {
        self.memory.erase(0)?;
        (self.page, self.sequence, self.free) = (0, 1, HEAD_LEN);
        page::write_head(&mut self.memory, 0, 1)?;
        page::write_mark(&mut self.memory, 0, 1)?;
        self.lost = false;
        Ok(())
    }

    fn remember(&mut self, key: u16, address: u32) {
        if let Some(slot) = place(key).and_then(|place| self.index.get_mut(place)) {
            *slot = address;
        }
    }

    fn after(&self, page: u32) -> u32 {
        (page + 1) % self.memory.pages()
    }

    fn end_of(&self, page: u32) -> u32 {
        (page + 1) * self.memory.page_len()
    }
}

/// Where a key stands in the index; records of keys that this firmware does not know are let go.
fn place(key: u16) -> Option<usize> {
    JournalKey::from_code(key).map(JournalKey::index)
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
