//! Bytes of a page: its head, the mark that it is complete, and its records, one after the other.
//!
//! Head: "WWJ2", sequence number u32, CRC-32 of both, 4 bytes left erased. Mark: "DONE", CRC-32 of it and
//! the sequence number. Record: key u16, length u16, stamp u32, content, CRC-32 of the page's sequence
//! number and all of these; filled up with 0xFF to whole 8 bytes, which is the smallest write of common
//! flash. A record of an earlier use of the page can therefore never pass for one of this use.
//!
//! One bit that flipped is put right, wherever it lies ([`super::correct`]).

use super::correct::wrong_bit;
use super::memory::{Memory, MemoryError};
use crate::bytes::{Reader, Writer};
use crate::crc32::Crc32;
use crate::meter::MAX_RECORD_LEN;

/// Bytes before the first record.
pub(super) const HEAD_LEN: u32 = 24;
/// Records begin at multiples of this.
pub(super) const ALIGN: u32 = 8;
const MARK_OFFSET: u32 = 16;
const RECORD_HEAD_LEN: usize = 8;
const CRC_LEN: usize = 4;
const SEQUENCE_BITS: usize = 32;
const MAGIC: [u8; 4] = *b"WWJ2";
const DONE: [u8; 4] = *b"DONE";
/// Longest record with everything around it.
pub(super) const MAX_STORED_LEN: usize = stored_len(MAX_RECORD_LEN);

/// Bytes that a record of `content_len` takes in a page.
pub(super) const fn stored_len(content_len: usize) -> usize {
    (RECORD_HEAD_LEN + content_len + CRC_LEN).next_multiple_of(ALIGN as usize)
}

/// A record with everything around it.
pub(super) struct Stored {
    bytes: [u8; MAX_STORED_LEN],
    len: usize,
}

impl Stored {
    /// `None` if the content is longer than any record.
    pub(super) fn new(sequence: u32, key: u16, stamp: u32, content: &[u8]) -> Option<Self> {
        let mut bytes = [0xFF; MAX_STORED_LEN];
        let mut writer = Writer::new(&mut bytes);
        writer.u16(key)?;
        writer.u16(u16::try_from(content.len()).ok().filter(|len| usize::from(*len) <= MAX_RECORD_LEN)?)?;
        writer.u32(stamp)?;
        writer.bytes(content)?;
        let crc = Crc32::new().with(&sequence.to_be_bytes()).with(writer.written()).value();
        writer.u32(crc)?;
        Some(Self { bytes, len: stored_len(content.len()) })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}

/// A record as it was found.
#[derive(Clone, Copy)]
pub(super) struct Found {
    bytes: [u8; MAX_STORED_LEN],
    len: usize,
    /// A bit of it had flipped.
    pub(super) repaired: bool,
}

impl Found {
    pub(super) fn key(&self) -> u16 {
        let [high, low, ..] = self.bytes;
        u16::from_be_bytes([high, low])
    }

    /// Of two records of a key the one with the higher stamp is the later.
    pub(super) fn stamp(&self) -> u32 {
        let [_, _, _, _, stamp @ ..] = self.bytes;
        stamp.first_chunk().map_or(0, |stamp| u32::from_be_bytes(*stamp))
    }

    pub(super) fn content(&self) -> &[u8] {
        self.bytes.get(RECORD_HEAD_LEN..RECORD_HEAD_LEN + self.len).unwrap_or(&[])
    }

    /// How far the next record is.
    pub(super) const fn stored_len(&self) -> u32 {
        stored_len(self.len) as u32
    }

    /// What the check sum must be, less what it is.
    fn difference(&self, sequence: u32) -> Option<u32> {
        let (covered, crc) = self.bytes.split_at_checked(RECORD_HEAD_LEN + self.len)?;
        let expected = Crc32::new().with(&sequence.to_be_bytes()).with(covered).value();
        Some(expected ^ u32::from_be_bytes(*crc.first_chunk()?))
    }

    /// Puts a flipped bit of it right, if that is all that is wrong.
    fn repaired(mut self, sequence: u32) -> Option<Self> {
        let difference = self.difference(sequence)?;
        // One bit of the check sum itself needs no repair.
        if !difference.is_power_of_two() {
            let bits = SEQUENCE_BITS + 8 * (RECORD_HEAD_LEN + self.len);
            let bit = wrong_bit(difference, bits)?.checked_sub(SEQUENCE_BITS)?;
            *self.bytes.get_mut(bit / 8)? ^= 1 << (bit % 8);
        }
        self.repaired = true;
        let [_, _, high, low, ..] = self.bytes;
        (usize::from(u16::from_be_bytes([high, low])) == self.len).then_some(self)
    }

    /// The same bytes, if its length was this.
    fn of_length(mut self, len: usize) -> Self {
        self.len = len;
        let [_, _, high, low, ..] = &mut self.bytes;
        [*high, *low] = (len as u16).to_be_bytes();
        self
    }
}

/// What lies at an address of a page.
pub(super) enum Looked {
    Record(Found),
    /// Erased: no record follows.
    Blank,
    /// Half written, or with more than one bit flipped.
    Torn,
}

/// Looks for a record at `address`, in a page that ends at `end`; one that only a repair makes whole
/// counts.
pub(super) fn look<M: Memory>(
    memory: &mut M,
    sequence: u32,
    address: u32,
    end: u32,
) -> Result<Looked, MemoryError> {
    let room = (end.saturating_sub(address) as usize).min(MAX_STORED_LEN);
    if room < stored_len(0) {
        return Ok(Looked::Blank);
    }
    let mut bytes = [0xFF; MAX_STORED_LEN];
    memory.read(address, bytes.get_mut(..RECORD_HEAD_LEN).unwrap_or_default())?;
    let [_, _, high, low, ..] = bytes;
    if bytes.first_chunk() == Some(&[0xFF; 4]) {
        return Ok(Looked::Blank);
    }
    memory.read(address, bytes.get_mut(..room).unwrap_or_default())?;
    let fits = |len: usize| len <= MAX_RECORD_LEN && stored_len(len) <= room;
    let told_len = usize::from(u16::from_be_bytes([high, low]));
    let found = Found { bytes, len: told_len, repaired: false };
    if fits(told_len) {
        if found.difference(sequence) == Some(0) {
            return Ok(Looked::Record(found));
        }
        if let Some(repaired) = found.repaired(sequence) {
            return Ok(Looked::Record(repaired));
        }
    }
    // A bit of the length itself.
    let other = (0..u16::BITS).map(|bit| told_len ^ 1 << bit).filter(|len| fits(*len));
    let repaired = other
        .map(|len| Found { repaired: true, ..found.of_length(len) })
        .find(|found| found.difference(sequence) == Some(0));
    Ok(repaired.map_or(Looked::Torn, Looked::Record))
}

/// Whether a whole record lies at an address, without any repair.
pub(super) fn is_record<M: Memory>(
    memory: &mut M,
    sequence: u32,
    address: u32,
    end: u32,
) -> Result<bool, MemoryError> {
    let looked = look(memory, sequence, address, end)?;
    Ok(matches!(looked, Looked::Record(found) if !found.repaired))
}

pub(super) fn write_head<M: Memory>(memory: &mut M, page: u32, sequence: u32) -> Result<(), MemoryError> {
    let mut head = [0xFF; MARK_OFFSET as usize];
    let mut writer = Writer::new(&mut head);
    let crc = Crc32::new().with(&MAGIC).with(&sequence.to_be_bytes()).value();
    // 12 of 16 bytes.
    let _ = writer.bytes(&MAGIC).and_then(|()| writer.u32(sequence)).and_then(|()| writer.u32(crc));
    write_checked(memory, page * memory.page_len(), &head)
}

pub(super) fn write_mark<M: Memory>(memory: &mut M, page: u32, sequence: u32) -> Result<(), MemoryError> {
    write_checked(memory, page * memory.page_len() + MARK_OFFSET, &mark(sequence))
}

fn mark(sequence: u32) -> [u8; 8] {
    let crc = Crc32::new().with(&DONE).with(&sequence.to_be_bytes()).value();
    let mut mark = [0; 8];
    let (done, check) = mark.split_at_mut(4);
    done.copy_from_slice(&DONE);
    check.copy_from_slice(&crc.to_be_bytes());
    mark
}

/// The head of a page that is in use and complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Its sequence number.
    pub(super) sequence: u32,
    /// A bit of the head or of the mark had flipped.
    pub(super) repaired: bool,
}

/// The head of a page; `None` if it is not in use or not complete.
pub(super) fn head_of<M: Memory>(memory: &mut M, page: u32) -> Result<Option<Head>, MemoryError> {
    let mut bytes = [0; HEAD_LEN as usize];
    memory.read(page * memory.page_len(), &mut bytes)?;
    Ok(read_head(bytes))
}

fn read_head(bytes: [u8; HEAD_LEN as usize]) -> Option<Head> {
    let mut reader = Reader::new(&bytes);
    let mut covered: [u8; 8] = reader.array()?;
    let crc = reader.u32()?;
    reader.take(4)?;
    let difference = Crc32::new().with(&covered).value() ^ crc;
    if difference != 0 && !difference.is_power_of_two() {
        let bit = wrong_bit(difference, 8 * covered.len())?;
        *covered.get_mut(bit / 8)? ^= 1 << (bit % 8);
    }
    let [magic @ .., a, b, c, d] = covered;
    let sequence = u32::from_be_bytes([a, b, c, d]);
    let mark = u64::from_be_bytes(mark(sequence)) ^ reader.u64()?;
    let complete = magic == MAGIC && mark.count_ones() <= 1;
    complete.then_some(Head { sequence, repaired: difference != 0 || mark != 0 })
}

/// Writes and reads back.
pub(super) fn write_checked<M: Memory>(
    memory: &mut M,
    address: u32,
    bytes: &[u8],
) -> Result<(), MemoryError> {
    memory.write(address, bytes)?;
    let mut chunk = [0; 16];
    let mut at = address;
    for expected in bytes.chunks(chunk.len()) {
        let read = chunk.get_mut(..expected.len()).unwrap_or_default();
        memory.read(at, read)?;
        if read != expected {
            return Err(MemoryError::Worn);
        }
        at += expected.len() as u32;
    }
    Ok(())
}
