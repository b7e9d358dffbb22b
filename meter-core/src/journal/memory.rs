//! Non-volatile memory as the journal sees it: pages that are erased whole and written once.

use core::fmt;

/// The memory did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryError {
    /// The part did not answer, or an address lies outside it.
    Device,
    /// What was written does not read back: worn out.
    Worn,
    /// Fewer or smaller pages than the journal needs.
    TooSmall,
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "the memory does not answer",
            Self::Worn => "the memory does not keep what is written",
            Self::TooSmall => "the memory is too small",
        })
    }
}

impl core::error::Error for MemoryError {}

/// NOR flash, or anything that can be used like it. Addresses count from 0 over all pages.
///
/// A power cut may leave a write or an erase half done, with any value in the bytes it was to change, but
/// with every other byte as it was.
pub trait Memory {
    /// Bytes of a page.
    fn page_len(&self) -> u32;

    /// How many pages.
    fn pages(&self) -> u32;

    /// Fills `out` from an address.
    ///
    /// # Errors
    /// [`MemoryError::Device`].
    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError>;

    /// Writes bytes that are all erased. Never crosses the end of a page.
    ///
    /// # Errors
    /// [`MemoryError::Device`].
    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError>;

    /// Sets all bytes of a page to 0xFF.
    ///
    /// # Errors
    /// [`MemoryError::Device`].
    fn erase(&mut self, page: u32) -> Result<(), MemoryError>;
}

/// A memory that can be written byte by byte and any number of times, such as FRAM.
pub trait ByteMemory {
    /// Bytes of the memory.
    fn len(&self) -> u32;

    /// Whether there is no memory at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `out` from an address.
    ///
    /// # Errors
    /// [`MemoryError::Device`].
    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError>;

    /// Writes bytes.
    ///
    /// # Errors
    /// [`MemoryError::Device`].
    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError>;
}

/// Pages of this many bytes are made of a byte-writable memory.
pub const FRAM_PAGE_LEN: u32 = 4096;
const FILL: [u8; 32] = [0xFF; 32];

/// A byte-writable memory used like flash: an erase writes 0xFF. One format for both kinds is one format to
/// prove, and such a memory does not wear.
#[derive(Clone, Debug, Default)]
pub struct Fram<B>(pub B);

impl<B: ByteMemory> Memory for Fram<B> {
    fn page_len(&self) -> u32 {
        FRAM_PAGE_LEN
    }

    fn pages(&self) -> u32 {
        self.0.len() / FRAM_PAGE_LEN
    }

    fn read(&mut self, address: u32, out: &mut [u8]) -> Result<(), MemoryError> {
        self.0.read(address, out)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        self.0.write(address, bytes)
    }

    fn erase(&mut self, page: u32) -> Result<(), MemoryError> {
        let start = page.checked_mul(FRAM_PAGE_LEN).ok_or(MemoryError::Device)?;
        (start..start.saturating_add(FRAM_PAGE_LEN))
            .step_by(FILL.len())
            .try_for_each(|address| self.0.write(address, &FILL))
    }
}
