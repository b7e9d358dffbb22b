//! Blocks as an envelope carries them and a register block shows them: one each, whole, with a number.

use super::calendar::{CalendarHalf, HALVES};
use super::credit::CreditSettings;
use super::field::Fault;
use super::friendly::FriendlyTimes;
use super::over_current::OverCurrentSettings;
use super::schedule::{CapSettings, DayTable, DayType};
use super::site::SiteSettings;
use super::vicious::{PermittedAppliances, ViciousSettings};
use super::voltage::VoltageSettings;
use super::wire::{Code, Row, Wire};
use crate::bytes::{Reader, Writer};
use crate::envelope::Refusal;

/// Blocks of a household: credit, friendly times, five of each loop's schedule, voltage, and three of each
/// loop's protection.
pub const HOUSEHOLD_BLOCKS: u8 = 19;
/// Blocks of the meter: the site and the halves of the calendar.
pub const METER_BLOCKS: u8 = 3;
/// Most words of a block.
pub const MAX_BLOCK_WORDS: usize = 30;
/// Most bytes of a block.
pub const MAX_BLOCK_LEN: usize = 2 * MAX_BLOCK_WORDS;

const CREDIT: u8 = 0;
const FRIENDLY: u8 = 1;
const FIRST_LOOP: u8 = 2;
const BLOCKS_PER_LOOP: u8 = 5;
const VOLTAGE: u8 = 12;
const FIRST_PROTECTION: u8 = 13;
const PROTECTIONS_PER_LOOP: u8 = 3;
const SITE: u8 = 0;
pub(super) const FIRST_HALF: u8 = 1;

/// A loop of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoopId {
    /// The one that every household has.
    Main,
    /// The one that a single-phase household may have beside it.
    Second,
}

impl LoopId {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Main, Self::Second];

    /// 0 or 1.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A block of a household's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HouseholdBlock {
    /// Block 0.
    Credit(CreditSettings),
    /// Block 1.
    Friendly(FriendlyTimes),
    /// Block 2 of the main loop, 7 of the second.
    Cap(LoopId, CapSettings),
    /// Blocks 3 to 6 of the main loop, 8 to 11 of the second.
    Table(LoopId, DayType, DayTable),
    /// Block 12.
    Voltage(VoltageSettings),
    /// Block 13 of the main loop, 16 of the second.
    OverCurrent(LoopId, OverCurrentSettings),
    /// Block 14 of the main loop, 17 of the second.
    Vicious(LoopId, ViciousSettings),
    /// Block 15 of the main loop, 18 of the second.
    Permitted(LoopId, PermittedAppliances),
}

/// A block of the meter's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MeterBlock {
    /// Block 0.
    Site(SiteSettings),
    /// Blocks 1 and 2: which half (0 or 1), and what it says.
    Calendar(u8, CalendarHalf),
}

/// Which block of a household a number means.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Credit,
    Friendly,
    Cap(LoopId),
    Table(LoopId, DayType),
    Voltage,
    OverCurrent(LoopId),
    Vicious(LoopId),
    Permitted(LoopId),
}

pub(super) fn which(number: u8) -> Option<Which> {
    match number {
        CREDIT => Some(Which::Credit),
        FRIENDLY => Some(Which::Friendly),
        VOLTAGE => Some(Which::Voltage),
        FIRST_PROTECTION.. => {
            let of_loop = number - FIRST_PROTECTION;
            let id = LoopId::ALL.get(usize::from(of_loop / PROTECTIONS_PER_LOOP)).copied()?;
            Some(match of_loop % PROTECTIONS_PER_LOOP {
                0 => Which::OverCurrent(id),
                1 => Which::Vicious(id),
                _ => Which::Permitted(id),
            })
        }
        FIRST_LOOP.. => {
            let of_loop = number - FIRST_LOOP;
            let id = LoopId::ALL.get(usize::from(of_loop / BLOCKS_PER_LOOP)).copied()?;
            match of_loop % BLOCKS_PER_LOOP {
                0 => Some(Which::Cap(id)),
                table => DayType::from_code(u16::from(table - 1)).map(|day| Which::Table(id, day)),
            }
        }
    }
}

impl HouseholdBlock {
    /// The block's number.
    #[must_use]
    pub const fn number(&self) -> u8 {
        match self {
            Self::Credit(_) => CREDIT,
            Self::Friendly(_) => FRIENDLY,
            Self::Cap(id, _) => FIRST_LOOP + BLOCKS_PER_LOOP * *id as u8,
            Self::Table(id, day, _) => FIRST_LOOP + BLOCKS_PER_LOOP * *id as u8 + 1 + *day as u8,
            Self::Voltage(_) => VOLTAGE,
            Self::OverCurrent(id, _) => FIRST_PROTECTION + PROTECTIONS_PER_LOOP * *id as u8,
            Self::Vicious(id, _) => FIRST_PROTECTION + PROTECTIONS_PER_LOOP * *id as u8 + 1,
            Self::Permitted(id, _) => FIRST_PROTECTION + PROTECTIONS_PER_LOOP * *id as u8 + 2,
        }
    }

    /// The loop that it is about, `None` for the household.
    #[must_use]
    pub const fn loop_id(&self) -> Option<LoopId> {
        match self {
            Self::Credit(_) | Self::Friendly(_) | Self::Voltage(_) => None,
            Self::Cap(id, _)
            | Self::Table(id, ..)
            | Self::OverCurrent(id, _)
            | Self::Vicious(id, _)
            | Self::Permitted(id, _) => Some(*id),
        }
    }

    /// Words of its content.
    #[must_use]
    pub const fn words(&self) -> usize {
        match self {
            Self::Credit(_) => CreditSettings::WORDS,
            Self::Friendly(_) => FriendlyTimes::WORDS,
            Self::Cap(..) => CapSettings::WORDS,
            Self::Table(..) => DayTable::WORDS,
            Self::Voltage(_) => VoltageSettings::WORDS,
            Self::OverCurrent(..) => OverCurrentSettings::WORDS,
            Self::Vicious(..) => ViciousSettings::WORDS,
            Self::Permitted(..) => PermittedAppliances::WORDS,
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        match self {
            Self::Credit(content) => content.write(writer),
            Self::Friendly(content) => content.write(writer),
            Self::Cap(_, content) => content.write(writer),
            Self::Table(_, _, content) => content.write(writer),
            Self::Voltage(content) => content.write(writer),
            Self::OverCurrent(_, content) => content.write(writer),
            Self::Vicious(_, content) => content.write(writer),
            Self::Permitted(_, content) => content.write(writer),
        }
    }

    /// Its content as in the envelope: [`Self::words`] words, big-endian.
    pub fn to_bytes<'a>(&self, out: &'a mut [u8; MAX_BLOCK_LEN]) -> &'a [u8] {
        let mut writer = Writer::new(out);
        // The longest block fits: a test writes each of them.
        let _ = self.write(&mut writer);
        let len = writer.len();
        out.get(..len).unwrap_or_default()
    }

    /// Block `number` from its content.
    ///
    /// # Errors
    /// [`Refusal::OutOfRange`] for a number that is no block's or a value that makes no sense,
    /// [`Refusal::Malformed`] unless it has exactly the block's length.
    pub fn read(number: u8, content: &[u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(content);
        let reader = &mut reader;
        let block = match which(number).ok_or(Refusal::OutOfRange)? {
            Which::Credit => Code::read(reader).map(Self::Credit),
            Which::Friendly => Code::read(reader).map(Self::Friendly),
            Which::Cap(id) => Code::read(reader).map(|content| Self::Cap(id, content)),
            Which::Table(id, day) => Code::read(reader).map(|content| Self::Table(id, day, content)),
            Which::Voltage => Code::read(reader).map(Self::Voltage),
            Which::OverCurrent(id) => Code::read(reader).map(|content| Self::OverCurrent(id, content)),
            Which::Vicious(id) => Code::read(reader).map(|content| Self::Vicious(id, content)),
            Which::Permitted(id) => Code::read(reader).map(|content| Self::Permitted(id, content)),
        };
        finish(block, reader, Self::is_valid)
    }

    /// Whether the office may set its numbers: each within its range, and what they leave each other. Lists (windows,
    /// periods, bands, appliances) are judged when the block is read.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame.
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Credit(content) => content.check(),
            Self::Cap(_, content) => content.check(),
            Self::Voltage(content) => content.check(),
            Self::OverCurrent(_, content) => content.check(),
            Self::Vicious(_, content) => content.check(),
            Self::Friendly(_) | Self::Table(..) | Self::Permitted(..) => Ok(()),
        }
    }

    fn is_valid(&self) -> bool {
        match self {
            Self::Credit(content) => content.is_valid(),
            Self::Friendly(content) => content.is_valid(),
            Self::Cap(_, content) => content.is_valid(),
            Self::Table(_, _, content) => content.is_valid(),
            Self::Voltage(content) => content.is_valid(),
            Self::OverCurrent(_, content) => content.is_valid(),
            Self::Vicious(_, content) => content.is_valid(),
            Self::Permitted(_, content) => content.is_valid(),
        }
    }
}

impl MeterBlock {
    /// The block's number.
    #[must_use]
    pub const fn number(&self) -> u8 {
        match self {
            Self::Site(_) => SITE,
            Self::Calendar(half, _) => FIRST_HALF + *half,
        }
    }

    /// Words of its content.
    #[must_use]
    pub const fn words(&self) -> usize {
        match self {
            Self::Site(_) => SiteSettings::WORDS,
            Self::Calendar(..) => CalendarHalf::WORDS,
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        match self {
            Self::Site(content) => content.write(writer),
            Self::Calendar(_, content) => content.write(writer),
        }
    }

    /// Its content as in the envelope: [`Self::words`] words, big-endian.
    pub fn to_bytes<'a>(&self, out: &'a mut [u8; MAX_BLOCK_LEN]) -> &'a [u8] {
        let mut writer = Writer::new(out);
        // The longest block fits: a test writes each of them.
        let _ = self.write(&mut writer);
        let len = writer.len();
        out.get(..len).unwrap_or_default()
    }

    /// Block `number` from its content.
    ///
    /// # Errors
    /// As [`HouseholdBlock::read`].
    pub fn read(number: u8, content: &[u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(content);
        let reader = &mut reader;
        let block = match number.checked_sub(FIRST_HALF) {
            None => Code::read(reader).map(Self::Site),
            Some(half) if usize::from(half) < HALVES => {
                Code::read(reader).map(|content| Self::Calendar(half, content))
            }
            Some(_) => return Err(Refusal::OutOfRange),
        };
        finish(block, reader, Self::is_valid)
    }

    fn is_valid(&self) -> bool {
        match self {
            Self::Site(content) => content.is_valid(),
            Self::Calendar(_, content) => content.is_valid(),
        }
    }
}

fn finish<B>(block: Option<B>, reader: &Reader<'_>, valid: impl Fn(&B) -> bool) -> Result<B, Refusal> {
    let block = block.filter(|_| reader.is_empty()).ok_or(Refusal::Malformed)?;
    if valid(&block) { Ok(block) } else { Err(Refusal::OutOfRange) }
}

/// Name and fields of each kind of block of a household, with the number of the first of its kind.
pub const HOUSEHOLD_LAYOUTS: [(u8, &str, &[Row]); 8] = [
    (0, "Credit", CreditSettings::PARTS),
    (1, "Friendly times", FriendlyTimes::PARTS),
    (2, "Power cap of a loop", CapSettings::PARTS),
    (3, "Day table of a loop", DayTable::PARTS),
    (12, "Voltage", VoltageSettings::PARTS),
    (13, "Over-current of a loop", OverCurrentSettings::PARTS),
    (14, "Vicious loads of a loop", ViciousSettings::PARTS),
    (15, "Permitted appliances of a loop", PermittedAppliances::PARTS),
];

/// Name and fields of each kind of block of the meter, with the number of the first of its kind.
pub const METER_LAYOUTS: [(u8, &str, &[Row]); 2] =
    [(0, "Site", SiteSettings::PARTS), (1, "Half of the calendar", CalendarHalf::PARTS)];
