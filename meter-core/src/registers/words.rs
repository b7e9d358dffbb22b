//! A block as it goes out.

/// Room for the longest block.
pub(super) type Words = [u16; 40];
