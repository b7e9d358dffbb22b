//! Memories for tests: they record what was done to them, so that every power cut can be played.

use super::memory::{ByteMemory, Memory, MemoryError};
use std::vec;
use std::vec::Vec;

/// Something that was done to a memory.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Write { address: u32, bytes: Vec<u8> },
    Erase { page: u32 },
}

/// NOR flash that insists on its rules.
#[derive(Clone, Debug)]
pub(crate) struct Flash {
    pub(crate) bytes: Vec<u8>,
    page_len: u32,
    pub(crate) actions: Vec<Action>,
    /// Fails all writes and erases.
    pub(crate) broken: bool,
    /// A byte that keeps no bit, if any.
    pub(crate) worn: Option<u32>,
    /// Bits may have flipped in what is erased, too: a write then leaves them so.
    pub(crate) rotten: bool,
}

impl Flash {
    pub(crate) fn new(pages: u32, page_len: u32) -> Self {
        let bytes = vec![0xFF; (pages * page_len) as usize];
        Self { bytes, page_len, actions: Vec::new(), broken: false, worn: None, rotten: false }
    }

    /// Does an action for as long as the power lasts: the first `whole` bytes as they should be, the next
    /// one as `torn`, and the rest as they were. Returns whether it was done whole.
    pub(crate) fn cut(&mut self, action: &Action, whole: usize, torn: u8) -> bool {
        let (start, bytes) = match action {
            Action::Write { address, bytes } => (*address as usize, bytes.clone()),
            Action::Erase { page } => ((page * self.page_len) as usize, vec![0xFF; self.page_len as usize]),
        };
        for (index, byte) in bytes.iter().enumerate().take(whole + 1) {
            self.bytes[start + index] = if index < whole { *byte } else { torn };
        }
        whole >= bytes.len()
    }

    pub(crate) fn len_of(&self, action: &Action) -> usize {
        match action {
            Action::Write { bytes, .. } => bytes.len(),
            Action::Erase { .. } => self.page_len as usize,
        }
    }
}

impl Memory for Flash {
    fn page_len(&self) -> u32 {
        self.page_len
    }

    fn pages(&self) -> u32 {
        self.bytes.len() as u32 / self.page_len
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        let start = address as usize;
        let bytes = self.bytes.get(start..start + out.len()).ok_or(MemoryError::Device)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        if self.broken {
            return Err(MemoryError::Device);
        }
        let range = address as usize..address as usize + bytes.len();
        assert_eq!(
            address / self.page_len,
            (address + bytes.len() as u32 - 1) / self.page_len,
            "crosses pages"
        );
        assert_eq!((address % 8, bytes.len() % 8), (0, 0), "not in whole units");
        let erased = self.bytes[range.clone()].iter().all(|byte| *byte == 0xFF);
        assert!(erased || self.rotten, "not erased");
        self.bytes[range.clone()].iter_mut().zip(bytes).for_each(|(byte, new)| *byte &= *new);
        if let Some(worn) = self.worn.filter(|worn| range.contains(&(*worn as usize))) {
            self.bytes[worn as usize] ^= 1;
        }
        self.actions.push(Action::Write { address, bytes: bytes.to_vec() });
        Ok(())
    }

    fn erase(&mut self, page: u32) -> Result<(), MemoryError> {
        if self.broken {
            return Err(MemoryError::Device);
        }
        let start = (page * self.page_len) as usize;
        self.bytes[start..start + self.page_len as usize].fill(0xFF);
        self.actions.push(Action::Erase { page });
        Ok(())
    }
}

/// Bytes that can be written at will.
#[derive(Clone, Debug)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl ByteMemory for Bytes {
    fn len(&self) -> u32 {
        self.0.len() as u32
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        let start = address as usize;
        out.copy_from_slice(self.0.get(start..start + out.len()).ok_or(MemoryError::Device)?);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        let start = address as usize;
        self.0.get_mut(start..start + bytes.len()).ok_or(MemoryError::Device)?.copy_from_slice(bytes);
        Ok(())
    }
}
