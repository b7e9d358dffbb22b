//! The memory of a simulated meter: 128 kB, of which only pages in use take room.

use meter_core::journal::{Memory, MemoryError};

const PAGE_LEN: usize = 4096;
const PAGES: usize = 32;

/// A memory in pages; one that is erased is not there.
#[derive(Clone, Debug)]
pub struct VirtualMemory {
    pages: Vec<Option<Box<[u8; PAGE_LEN]>>>,
    broken: bool,
}

impl Default for VirtualMemory {
    fn default() -> Self {
        Self { pages: vec![None; PAGES], broken: false }
    }
}

impl VirtualMemory {
    /// Whether writes and erases fail.
    pub fn set_broken(&mut self, broken: bool) {
        self.broken = broken;
    }

    /// A page loses all that it held.
    pub fn ruin(&mut self, page: u32) {
        if let Some(page) = self.pages.get_mut(page as usize) {
            *page = None;
        }
    }

    fn check(&self) -> Result<(), MemoryError> {
        if self.broken { Err(MemoryError::Device) } else { Ok(()) }
    }

    /// The page and the place in it of a run of bytes, which never crosses pages.
    fn place(address: u32, len: usize) -> Result<(usize, std::ops::Range<usize>), MemoryError> {
        let start = address as usize % PAGE_LEN;
        if start + len > PAGE_LEN {
            return Err(MemoryError::Device);
        }
        Ok((address as usize / PAGE_LEN, start..start + len))
    }
}

impl Memory for VirtualMemory {
    fn page_len(&self) -> u32 {
        PAGE_LEN as u32
    }

    fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        let (page, range) = Self::place(address, out.len())?;
        match self.pages.get(page).ok_or(MemoryError::Device)? {
            Some(page) => out.copy_from_slice(&page[range]),
            None => out.fill(0xFF),
        }
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        self.check()?;
        let (page, range) = Self::place(address, bytes.len())?;
        let page = self.pages.get_mut(page).ok_or(MemoryError::Device)?;
        let page = page.get_or_insert_with(|| Box::new([0xFF; PAGE_LEN]));
        // As in flash, a write can only clear bits.
        page[range].iter_mut().zip(bytes).for_each(|(kept, byte)| *kept &= byte);
        Ok(())
    }

    fn erase(&mut self, page: u32) -> Result<(), MemoryError> {
        self.check()?;
        *self.pages.get_mut(page as usize).ok_or(MemoryError::Device)? = None;
        Ok(())
    }
}
