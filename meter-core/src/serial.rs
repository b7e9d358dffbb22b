//! The number on a meter's nameplate.

use core::fmt;

/// A meter's serial: 1 to 12 decimal digits, not zero; shown as 12 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(u64);

impl Serial {
    /// The largest serial: twelve nines.
    pub const MAX: Self = Self(999_999_999_999);

    /// The serial as a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The number is zero or has more than 12 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASerial;

impl fmt::Display for NotASerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a meter serial has 1 to 12 decimal digits and is not zero")
    }
}

impl core::error::Error for NotASerial {}

impl TryFrom<u64> for Serial {
    type Error = NotASerial;

    fn try_from(number: u64) -> Result<Self, NotASerial> {
        if (1..=Self::MAX.0).contains(&number) { Ok(Self(number)) } else { Err(NotASerial) }
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn bounds_and_display() {
        assert_eq!(Serial::try_from(0), Err(NotASerial));
        assert_eq!(Serial::try_from(1_000_000_000_000), Err(NotASerial));
        assert_eq!(Serial::try_from(999_999_999_999), Ok(Serial::MAX));
        assert_eq!(Serial::try_from(42).unwrap().to_string(), "000000000042");
    }
}
