//! Why a meter does not take an envelope, with the codes that the register map shows.

use core::fmt;

/// Why an envelope was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// 1: wrong length, version or payload length.
    Malformed,
    /// 2: not sealed with this meter's key, or changed on the way.
    BadTag,
    /// 3: for another meter.
    WrongMeter,
    /// 4: a kind of command that this meter does not know.
    UnknownKind,
    /// 5: for a household that this meter does not have.
    NoSuchHousehold,
    /// 6: overtaken by a later command, or a total would go backwards.
    Stale,
    /// 7: the same generation was already taken with another content.
    Conflict,
    /// 8: for an epoch that is not the current one.
    WrongEpoch,
    /// 9: a field has a value that makes no sense.
    OutOfRange,
    /// 10: would lift credit above the hoarding limit.
    Hoarding,
    /// 11: taken, but the meter's memory failed; send it again.
    NotSaved,
    /// 12: the meter's memory has gaps; it only takes what is sealed over its nonce.
    NotFresh,
}

impl Refusal {
    /// Every refusal, in the order of the codes.
    pub const ALL: [Self; 12] = [
        Self::Malformed,
        Self::BadTag,
        Self::WrongMeter,
        Self::UnknownKind,
        Self::NoSuchHousehold,
        Self::Stale,
        Self::Conflict,
        Self::WrongEpoch,
        Self::OutOfRange,
        Self::Hoarding,
        Self::NotSaved,
        Self::NotFresh,
    ];

    /// The code in the result register.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Malformed => 1,
            Self::BadTag => 2,
            Self::WrongMeter => 3,
            Self::UnknownKind => 4,
            Self::NoSuchHousehold => 5,
            Self::Stale => 6,
            Self::Conflict => 7,
            Self::WrongEpoch => 8,
            Self::OutOfRange => 9,
            Self::Hoarding => 10,
            Self::NotSaved => 11,
            Self::NotFresh => 12,
        }
    }

    /// The refusal of a code, `None` for any other.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed envelope",
            Self::BadTag => "wrong authentication tag",
            Self::WrongMeter => "for another meter",
            Self::UnknownKind => "unknown kind of command",
            Self::NoSuchHousehold => "no such household",
            Self::Stale => "overtaken by a later command",
            Self::Conflict => "same generation, other content",
            Self::WrongEpoch => "not the current epoch",
            Self::OutOfRange => "value out of range",
            Self::Hoarding => "above the hoarding limit",
            Self::NotSaved => "taken, but the meter's memory failed",
            Self::NotFresh => "not sealed over the meter's nonce, which its memory makes necessary",
        })
    }
}

impl core::error::Error for Refusal {}
