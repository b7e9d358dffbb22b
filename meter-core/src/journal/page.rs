//! Bytes of a page: its head, the mark that it is complete, and its records, one after the other.
//!
//! Head: "WWJ1", sequence number u32, CRC-32 of both, 4 bytes left erased. Mark: "DONE", CRC-32 of it and
//! the sequence number. Record: key u16, length u16, content, CRC-32 of the page's sequence number and all
//! of these; filled up with 0xFF to whole 8 bytes, which is the smallest write of common flash. A record
//! of an earlier use of the page can therefore never pass for one of this use.

use super::memory::{Memory, MemoryError};
use crate::crc32::Crc32;
use crate::meter::MAX_RECORD_LEN;

/// Bytes before the first record.
pub(super) const HEAD_LEN: u32 = 24;
const MARK_OFFSET: u32 = 16;
const ALIGN: usize = 8;
const RECORD_HEAD_LEN: usize = 4;
const CRC_LEN: usize = 4;
const MAGIC: [u8; 4] = *b"WWJ1";
const DONE: [u8; 4] = *b"DONE";
/// Longest record with everything around it.
pub(super) const MAX_STORED_LEN: usize = stored_len(MAX_RECORD_LEN);

/// Bytes that a record of `content_len` takes in a page.
pub(super) const fn stored_len(content_len: usize) -> usize {
    (RECORD_HEAD_LEN + content_len + CRC_LEN).next_multiple_of(ALIGN)
}

/// A record with everything around it.
pub(super) struct Stored {
    bytes: [u8; MAX_STORED_LEN],
    len: usize,
}

impl Stored {
    /// `None` if the content is longer than any record.
    pub(super) fn new(sequence: u32, key: u16, content: &[u8]) -> Option<Self> {
        let mut bytes = [0xFF; MAX_STORED_LEN];
        let mut writer = crate::bytes::Writer::new(&mut bytes);
        writer.u16(key)?;
        writer.u16(u16::try_from(content.len()).ok().filter(|len| usize::from(*len) <= MAX_RECORD_LEN)?)?;
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
    pub(super) key: u16,
    content: [u8; MAX_RECORD_LEN],
    len: usize,
}

impl Found {
    pub(super) fn content(&self) -> &[u8] {
        self.content.get(..self.len).unwrap_or(&[])
    }

    /// How far the next record is.
    pub(super) const fn stored_len(&self) -> u32 {
        stored_len(self.len) as u32
    }
}

/// What lies at an address of a page.
pub(super) enum Looked {
    Record(Found),
    /// Erased: no record follows.
    Blank,
    /// Half written: nothing after it counts.
    Torn,
}

/// Looks for a record at `address`, in a page that ends at `end`.
pub(super) fn look<M: Memory>(
    memory: &mut M,
    sequence: u32,
    address: u32,
    end: u32,
) -> Result<Looked, MemoryError> {
    let room = end.saturating_sub(address) as usize;
    if room < stored_len(0) {
        return Ok(Looked::Blank);
    }
    let mut head = [0; RECORD_HEAD_LEN];
    memory.read(address, &mut head)?;
    if head == [0xFF; RECORD_HEAD_LEN] {
        return Ok(Looked::Blank);
    }
    let [key_high, key_low, len_high, len_low] = head;
    let len = usize::from(u16::from_be_bytes([len_high, len_low]));
    if len > MAX_RECORD_LEN || stored_len(len) > room {
        return Ok(Looked::Torn);
    }
    let mut content = [0; MAX_RECORD_LEN];
    let mut crc = [0; CRC_LEN];
    let content_at = address + RECORD_HEAD_LEN as u32;
    memory.read(content_at, content.get_mut(..len).unwrap_or_default())?;
    memory.read(content_at + len as u32, &mut crc)?;
    let found = Found { key: u16::from_be_bytes([key_high, key_low]), content, len };
    let expected = Crc32::new().with(&sequence.to_be_bytes()).with(&head).with(found.content()).value();
    Ok(if crc == expected.to_be_bytes() { Looked::Record(found) } else { Looked::Torn })
}

pub(super) fn write_head<M: Memory>(memory: &mut M, page: u32, sequence: u32) -> Result<(), MemoryError> {
    let mut head = [0xFF; MARK_OFFSET as usize];
    let mut writer = crate::bytes::Writer::new(&mut head);
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

/// The sequence number of a page that is in use and complete.
pub(super) fn sequence_of<M: Memory>(memory: &mut M, page: u32) -> Result<Option<u32>, MemoryError> {
    let mut head = [0; HEAD_LEN as usize];
    memory.read(page * memory.page_len(), &mut head)?;
    let mut reader = crate::bytes::Reader::new(&head);
    let (magic, sequence, crc) = (reader.array(), reader.u32(), reader.u32());
    reader.take(4);
    let Some(sequence) = sequence.filter(|_| magic == Some(MAGIC)) else { return Ok(None) };
    let expected = Crc32::new().with(&MAGIC).with(&sequence.to_be_bytes()).value();
    let complete = crc == Some(expected) && reader.rest() == mark(sequence);
    Ok(complete.then_some(sequence))
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
