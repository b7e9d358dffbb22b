//! What the journal keeps, and where in its index: state records, events, the load profile.

use crate::meter::{RecordKey, STATE_RECORDS};

/// Events that are kept: the latest.
pub const EVENTS: usize = 200;
/// Hourly readings that are kept: 40 days.
pub const PROFILE_HOURS: usize = 40 * 24;
/// Keys of each ring of pages: the whole state, every second event and hour, and the other ring's progress.
pub const RING_KEYS: usize = STATE_RECORDS + EVENTS / 2 + PROFILE_HOURS / 2 + 1;

const PROGRESS: u16 = 0x0F00;
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
    /// How far the other ring of pages has come.
    Progress,
}

/// In which ring of pages the records of a key stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In both: it survives the loss of a page.
    Both,
    /// In both in turn, the earlier record in one and the later in the other.
    InTurn,
    /// In one of them, 0 or 1.
    One(usize),
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
            Self::Progress => PROGRESS,
        }
    }

    /// Place in the index of its ring, below [`RING_KEYS`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::State(key) => key.index(),
            Self::Event(place) => STATE_RECORDS + place as usize / 2,
            Self::Hour(place) => STATE_RECORDS + EVENTS / 2 + place as usize / 2,
            Self::Progress => RING_KEYS - 1,
        }
    }

    /// Where its records stand.
    #[must_use]
    pub const fn home(self) -> Home {
        match self {
            Self::State(RecordKey::Energy) => Home::InTurn,
            Self::State(_) | Self::Progress => Home::Both,
            Self::Event(place) | Self::Hour(place) => Home::One(place as usize % 2),
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
        } else if code == PROGRESS {
            Some(Self::Progress)
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
        assert_eq!(keys.len(), STATE_RECORDS + EVENTS + PROFILE_HOURS + 1);
        for ring in 0..2 {
            let here = keys.iter().filter(|key| !matches!(key.home(), Home::One(home) if home != ring));
            let places: BTreeSet<usize> = here.clone().map(|key| key.index()).collect();
            assert_eq!((places, here.count()), ((0..RING_KEYS).collect(), RING_KEYS));
        }
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
