//! What the office sets of what a meter decides: blocks of settings as stored, and for whom.

use std::fmt;
use std::str::FromStr;

use meter_core::settings::{
    DayType, HOUSEHOLD_BLOCKS, HouseholdBlock, HouseholdSettings, LoopId, MAX_BLOCK_LEN, METER_BLOCKS,
    MeterBlock, MeterSettings,
};
use serde::{Serialize, Serializer};

use crate::UnknownWord;
use crate::ids::{BuildingId, FloorId, RoomId};

/// Whose settings are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every room of the site.
    Site,
    /// Every room of a building.
    Building(BuildingId),
    /// Every room of a floor.
    Floor(FloorId),
    /// One room.
    Room(RoomId),
}

impl Scope {
    /// The ids that it narrows to, empty where it does not: building, floor, room.
    #[must_use]
    pub fn ids(&self) -> (&str, &str, &str) {
        match self {
            Self::Site => ("", "", ""),
            Self::Building(id) => (id.as_str(), "", ""),
            Self::Floor(id) => ("", id.as_str(), ""),
            Self::Room(id) => ("", "", id.as_str()),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site => f.write_str("site"),
            Self::Building(id) => write!(f, "building:{id}"),
            Self::Floor(id) => write!(f, "floor:{id}"),
            Self::Room(id) => write!(f, "room:{id}"),
        }
    }
}

/// The text is no scope's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct NotAScope;

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let id = |id: &str| if id.is_empty() { Err(NotAScope) } else { Ok(id.to_owned()) };
        match text.split_once(':') {
            None if text == "site" => Ok(Self::Site),
            Some(("building", rest)) => Ok(Self::Building(BuildingId(id(rest)?))),
            Some(("floor", rest)) => Ok(Self::Floor(FloorId(id(rest)?))),
            Some(("room", rest)) => Ok(Self::Room(RoomId(id(rest)?))),
            _ => Err(NotAScope),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A block of a household's settings as stored: its content in hexadecimal.
#[must_use]
pub fn household_text(block: &HouseholdBlock) -> String {
    hex(block.to_bytes(&mut [0; MAX_BLOCK_LEN]))
}

/// A block of a meter's settings as stored.
#[must_use]
pub fn meter_text(block: &MeterBlock) -> String {
    hex(block.to_bytes(&mut [0; MAX_BLOCK_LEN]))
}

/// Block `number` of a household from its stored content.
///
/// # Errors
/// [`UnknownWord`].
pub fn household_block(number: i64, content: &str) -> Result<HouseholdBlock, UnknownWord> {
    let block =
        bytes(content).and_then(|bytes| HouseholdBlock::read(u8::try_from(number).ok()?, &bytes).ok());
    block.ok_or_else(|| UnknownWord::new("settings block", format!("{number} {content}")))
}

/// Block `number` of a meter from its stored content.
///
/// # Errors
/// [`UnknownWord`].
pub fn meter_block(number: i64, content: &str) -> Result<MeterBlock, UnknownWord> {
    let block = bytes(content).and_then(|bytes| MeterBlock::read(u8::try_from(number).ok()?, &bytes).ok());
    block.ok_or_else(|| UnknownWord::new("meter settings block", format!("{number} {content}")))
}

/// A household's block as a meter leaves the factory.
#[must_use]
pub fn factory_block(number: u8) -> Option<HouseholdBlock> {
    HouseholdSettings::FACTORY.block(number).map(|(_, block)| block)
}

/// Which loop a block of that number is about; the main one for a block of the household.
#[must_use]
pub fn loop_of(number: i64) -> LoopId {
    let block = u8::try_from(number).ok().and_then(factory_block);
    block.and_then(|block| block.loop_id()).unwrap_or(LoopId::Main)
}

/// A block with the generation of its setting; 0 as from the factory.
pub type Held<B> = (u32, B);

/// All blocks of a household as a meter leaves the factory.
#[must_use]
pub fn factory_household() -> Vec<Held<HouseholdBlock>> {
    (0..HOUSEHOLD_BLOCKS).filter_map(|number| HouseholdSettings::FACTORY.block(number)).collect()
}

/// All blocks of a meter as it leaves the factory.
#[must_use]
pub fn factory_meter() -> Vec<Held<MeterBlock>> {
    (0..METER_BLOCKS).filter_map(|number| MeterSettings::FACTORY.block(number)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

/// A kind of day with a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayKind(pub DayType);

impl DayKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self(DayType::Working), Self(DayType::Rest), Self(DayType::Holiday), Self(DayType::Examination)];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self.0 {
            DayType::Working => "working",
            DayType::Rest => "rest",
            DayType::Holiday => "holiday",
            DayType::Examination => "examination",
        }
    }
}

impl FromStr for DayKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.ok_or_else(|| UnknownWord::new("kind of day", text))
    }
}

impl Serialize for DayKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Dates that follow another table than their weekday's, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarDays {
    /// The first day, days since 1970-01-01 by the site's date.
    pub from_day: u16,
    /// The last day.
    pub to_day: u16,
    /// Which table they follow.
    pub kind: DayKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_stored_and_read() {
        for (number, (_, block)) in factory_household().into_iter().enumerate() {
            let text = household_text(&block);
            assert_eq!(household_block(i64::try_from(number).unwrap(), &text).unwrap(), block);
        }
        for (number, (_, block)) in factory_meter().into_iter().enumerate() {
            let text = meter_text(&block);
            assert_eq!(meter_block(i64::try_from(number).unwrap(), &text).unwrap(), block);
        }
        let text = household_text(&factory_block(2).unwrap());
        assert_eq!(text, "000504b0", "5 s, 1200 s");
        for (number, wrong) in [
            (2, ""),
            (2, "000504b"),
            (2, "000504b00"),
            (2, "00zz04b0"),
            (0, "000504b0"),
            (-1, ""),
            (2, "+00504b0"),
        ] {
            assert!(household_block(number, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_scope_reads_back() {
        for text in ["site", "building:b", "floor:f", "room:r"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for wrong in ["", "room", "room:", "meter:1", "site:"] {
            assert_eq!(wrong.parse::<Scope>(), Err(NotAScope), "{wrong}");
        }
    }
}
