//! What the journal keeps, and where in its index: state records, events, the load profile.

use crate::meter::{RecordKey, STATE_RECORDS};

/// Events that are kept: the latest.
pub const EVENTS: usize = 200;
/// Hourly readings that are kept: 40 days.
pub const PROFILE_HOURS: usize = 40 * 24;
/// Keys of the journal.
pub const KEYS: usize = STATE_RECORDS + EVENTS + PROFILE_HOURS;

const FIRST_EVENT: u16 = 0x1000;
const FIRST_HOUR: u16 = 0x2000;

/// A record of the journal; of each only the latest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalKey {
    /// A part of the meter's state.
    State(RecordKey),
    /// The event whose number is this modulo [`EVENTS`].
    Event(u16),
    /// The reading at the full hour whose number since 1970 is this modulo [`PROFILE_HOURS`].
    Hour(u16),
}

impl JournalKey {
    /// The key of an event.
    #[must_use]
    pub const fn event(number: u32) -> Self {
        Self::Event((number % EVENTS as u32) as u16)
    }

    /// The key of a reading.
    #[must_use]
    pub const fn hour(at_s: u32) -> Self {
        Self::Hour((at_s / 3600 % PROFILE_HOURS as u32) as u16)
    }

    /// The number in memory; never changes.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::State(key) => key.code(),
            Self::Event(place) => FIRST_EVENT + place,
            Self::Hour(place) => FIRST_HOUR + place,
        }
    }

    /// Place in the index, below [`KEYS`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::State(key) => key.index(),
            Self::Event(place) => STATE_RECORDS + place as usize,
            Self::Hour(place) => STATE_RECORDS + EVENTS + place as usize,
        }
    }

    /// The key of a number; `None` for one that this firmware does not know.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        let event = code.wrapping_sub(FIRST_EVENT);
        let hour = code.wrapping_sub(FIRST_HOUR);
        if usize::from(event) < EVENTS {
            Some(Self::Event(event))
        } else if usize::from(hour) < PROFILE_HOURS {
            Some(Self::Hour(hour))
        } else {
            RecordKey::from_code(code).map(Self::State)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_one_key_with_a_place_of_its_own() {
        let keys: std::vec::Vec<JournalKey> = (0..=u16::MAX).filter_map(JournalKey::from_code).collect();
        assert_eq!(keys.len(), KEYS);
        let places: BTreeSet<usize> = keys.iter().map(|key| key.index()).collect();
        assert_eq!(places, (0..KEYS).collect());
        for key in RecordKey::all() {
            assert_eq!(JournalKey::from_code(key.code()), Some(JournalKey::State(key)));
        }
        for code in 0..=u16::MAX {
            assert_eq!(JournalKey::from_code(code).map_or(code, JournalKey::code), code);
        }
    }

    #[test]
    fn old_places_are_used_anew() {
        assert_eq!(JournalKey::event(200), JournalKey::event(0));
        assert_eq!(JournalKey::hour(40 * 86_400 + 7200), JournalKey::Hour(2));
    }
}
