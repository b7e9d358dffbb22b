//! CRC-32 (IEEE 802.3, as in zip and Ethernet) for records in non-volatile memory and for digests.

/// A CRC of bytes that come piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc32(u32);

impl Crc32 {
    /// Before the first byte.
    #[must_use]
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// After these bytes, too.
    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc))))
    }

    /// The CRC of all bytes so far.
    #[must_use]
    pub const fn value(self) -> u32 {
        !self.0
    }
}

impl Default for Crc32 {
    fn default() -> Self {
        Self::new()
    }
}

/// The CRC of `bytes`.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    Crc32::new().with(bytes).value()
}

const fn shift(crc: u32) -> u32 {
    if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(Crc32::new().with(b"1234").with(b"").with(b"56789").value(), 0xCBF4_3926);
    }
}
