//! Registers of what only a meter with a memory has: the events and the load profile.
//!
//! A place is named by the address alone, so a read asks nothing of the reads before it, and whoever reads
//! sees by the number or the time in a block whether it is the one that was meant.

use super::read::{Run, give_out, read};
use super::table::{self, EVENT_REGISTERS, READING_REGISTERS};
use super::{
    EVENT_ADDRESS, EVENT_BLOCK_LEN, EventState, OutsideMap, READING_ADDRESS, READING_BLOCK_LEN, ReadingState,
};
use crate::journal::{DurableMeter, EVENTS, Memory, PROFILE_HOURS};

const EVENT_RUN: Run = Run { address: EVENT_ADDRESS, block_len: EVENT_BLOCK_LEN, blocks: EVENTS as u16 };
const READING_RUN: Run =
    Run { address: READING_ADDRESS, block_len: READING_BLOCK_LEN, blocks: PROFILE_HOURS as u16 };

/// As [`read`](super::read), with the events and the load profile beside the rest.
///
/// # Errors
/// As [`read`](super::read).
pub fn read_durable<M: Memory>(
    meter: &mut DurableMeter<M>,
    address: u16,
    count: u16,
    out: &mut dyn FnMut(u16),
) -> Result<(), OutsideMap> {
    if EVENT_RUN.holds(address, count) {
        give_out(EVENT_RUN, address, count, out, &mut |place, words| {
            let event = meter.event(place).map(EventState::from).unwrap_or_default();
            table::encode(EVENT_REGISTERS, &event, words);
        });
        return Ok(());
    }
    if READING_RUN.holds(address, count) {
        give_out(READING_RUN, address, count, out, &mut |place, words| {
            let reading = meter.reading(place).map(ReadingState::from).unwrap_or_default();
            table::encode(READING_REGISTERS, &reading, words);
        });
        return Ok(());
    }
    read(meter.meter(), address, count, out)
}
