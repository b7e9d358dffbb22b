//! The register map: one table of registers from which encoding, decoding and the manual come.
//!
//! Holding registers (function 03) and input registers (04) show the same. 32-bit values lie high word
//! first, 64-bit values in four words, highest first.

mod blocks;
mod display;
mod field;
mod history;
mod markdown;
mod markdown_head;
#[cfg(test)]
mod protection_tests;
mod read;
mod settings;
mod settings_markdown;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use blocks::{
    ClosingState, DetailState, EventState, GuardState, Header, HouseholdState, ReadingState, Trailer,
};
pub use display::{decode_page, display_address};
pub use history::read_durable;
pub use markdown::write_markdown;
pub use read::{OutsideMap, read};
pub use settings::{
    decode_digests, decode_household_settings, decode_meter_settings, household_settings_address,
    meter_settings_address,
};
pub use state::FIRMWARE_VERSION;
pub use table::{
    CLOSING_REGISTERS, DETAIL_REGISTERS, EVENT_REGISTERS, HEADER_REGISTERS, HOUSEHOLD_REGISTERS,
    READING_REGISTERS, Register, Shape, TRAILER_REGISTERS,
};

use crate::envelope::HOUSEHOLDS;
use crate::journal::{EVENTS, PROFILE_HOURS};

/// Version of the map, in register 0.
pub const MAP_VERSION: u16 = 4;
/// First register of the header block.
pub const HEADER_ADDRESS: u16 = 0;
/// Registers of the header and of each household's live block.
pub const LIVE_BLOCK_LEN: u16 = 30;
/// First register after the live blocks of all households.
pub const TRAILER_ADDRESS: u16 = LIVE_BLOCK_LEN * (1 + HOUSEHOLDS as u16);
/// Registers of what follows them.
pub const TRAILER_LEN: u16 = 5;
/// First register of household 0's closing snapshot.
pub const CLOSING_ADDRESS: u16 = 1024;
/// Registers of a closing snapshot.
pub const CLOSING_BLOCK_LEN: u16 = 16;
/// First register of the digests of settings: two registers a household, and two of the meter.
pub const DIGESTS_ADDRESS: u16 = 0x0500;
/// Registers of all digests of settings.
pub const DIGESTS_LEN: u16 = 2 * crate::settings::OWNERS as u16;
/// First register of the command mailbox.
pub const MAILBOX_ADDRESS: u16 = 2048;
/// Most registers of the mailbox: the longest envelope.
pub const MAILBOX_LEN: u16 = 48;
/// First register of household 0's details.
pub const DETAIL_ADDRESS: u16 = 0x0900;
/// Registers of a household's details.
pub const DETAIL_BLOCK_LEN: u16 = 32;
/// First register of household 0's settings; those of the meter lie where a twelfth household's would.
pub const SETTINGS_ADDRESS: u16 = 0x1000;
/// Registers from one household's settings to the next one's.
pub const SETTINGS_STRIDE: u16 = 0x400;
/// Registers of a block of settings.
pub const SETTINGS_BLOCK_LEN: u16 = 32;
/// First register of the events.
pub const EVENT_ADDRESS: u16 = 0x4000;
/// Registers of an event.
pub const EVENT_BLOCK_LEN: u16 = 20;
/// First register of the load profile.
pub const READING_ADDRESS: u16 = 0x5000;
/// Registers of a reading of the load profile.
pub const READING_BLOCK_LEN: u16 = 24;
/// First register of the display: the page that is shown.
pub const DISPLAY_ADDRESS: u16 = 0xB000;
/// Registers of a page of the display.
pub const DISPLAY_BLOCK_LEN: u16 = 40;

/// The three reads (address, count) that give the header, all households and the trailer.
pub const LIVE_READS: [(u16, u16); 3] = [(0, 120), (120, 120), (240, 120 + TRAILER_LEN)];

/// What the "last result" register shows when no envelope came since the start.
pub const NO_RESULT: u16 = 0xFFFF;

/// Address of a household's live block; `None` from household 11 on.
#[must_use]
pub const fn household_address(household: usize) -> Option<u16> {
    if household < HOUSEHOLDS { Some(LIVE_BLOCK_LEN * (household as u16 + 1)) } else { None }
}

/// Address of a household's closing snapshot; `None` from household 11 on.
#[must_use]
pub const fn closing_address(household: usize) -> Option<u16> {
    if household < HOUSEHOLDS { Some(CLOSING_ADDRESS + CLOSING_BLOCK_LEN * household as u16) } else { None }
}

/// Address of a household's details; `None` from household 11 on.
#[must_use]
pub const fn detail_address(household: usize) -> Option<u16> {
    if household < HOUSEHOLDS { Some(DETAIL_ADDRESS + DETAIL_BLOCK_LEN * household as u16) } else { None }
}

/// Address of an event, by its number. The 200 latest are kept, each in the place of the one 200 before.
#[must_use]
pub const fn event_address(number: u32) -> u16 {
    EVENT_ADDRESS + EVENT_BLOCK_LEN * (number % EVENTS as u32) as u16
}

/// Address of the reading at a full hour (s since 1970). Those of 40 days are kept, each in the place of
/// the one 960 hours before.
#[must_use]
pub const fn reading_address(at_s: u32) -> u16 {
    READING_ADDRESS + READING_BLOCK_LEN * (at_s / 3600 % PROFILE_HOURS as u32) as u16
}

/// The header, from its 30 registers; `None` for another number of registers.
#[must_use]
pub fn decode_header(words: &[u16]) -> Option<Header> {
    table::decode(HEADER_REGISTERS, LIVE_BLOCK_LEN, words)
}

/// What follows the live blocks, from its 5 registers; `None` for another number of registers.
#[must_use]
pub fn decode_trailer(words: &[u16]) -> Option<Trailer> {
    table::decode(TRAILER_REGISTERS, TRAILER_LEN, words)
}

/// A household's live block, from its 30 registers; `None` for another number of registers.
#[must_use]
pub fn decode_household(words: &[u16]) -> Option<HouseholdState> {
    table::decode(HOUSEHOLD_REGISTERS, LIVE_BLOCK_LEN, words)
}

/// A closing snapshot, from its 16 registers; `None` for another number of registers. Its epoch is 0
/// while no epoch was closed.
#[must_use]
pub fn decode_closing(words: &[u16]) -> Option<ClosingState> {
    table::decode(CLOSING_REGISTERS, CLOSING_BLOCK_LEN, words)
}

/// A household's details, from their 32 registers; `None` for another number of registers.
#[must_use]
pub fn decode_detail(words: &[u16]) -> Option<DetailState> {
    table::decode(DETAIL_REGISTERS, DETAIL_BLOCK_LEN, words)
}

/// An event, from its 20 registers; `None` for another number of registers.
#[must_use]
pub fn decode_event(words: &[u16]) -> Option<EventState> {
    table::decode(EVENT_REGISTERS, EVENT_BLOCK_LEN, words)
}

/// A reading of the load profile, from its 24 registers; `None` for another number of registers.
#[must_use]
pub fn decode_reading(words: &[u16]) -> Option<ReadingState> {
    table::decode(READING_REGISTERS, READING_BLOCK_LEN, words)
}
