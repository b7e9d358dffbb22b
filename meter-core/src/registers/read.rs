//! Reads of the map as functions 03 and 04 do them.

use super::table::{self, CLOSING_REGISTERS, HEADER_REGISTERS, HOUSEHOLD_REGISTERS};
use super::{
    CLOSING_ADDRESS, CLOSING_BLOCK_LEN, ClosingState, HEADER_ADDRESS, Header, HouseholdState, LIVE_BLOCK_LEN,
};
use crate::envelope::HOUSEHOLDS;
use crate::meter::Meter;

/// A register of the read does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideMap;

/// A run of blocks without a gap, one a household (and the header before the live ones).
struct Area {
    address: u16,
    block_len: u16,
    blocks: u16,
    encode: fn(&Meter, usize, &mut [u16; LIVE_BLOCK_LEN as usize]),
}

const LIVE: Area = Area {
    address: HEADER_ADDRESS,
    block_len: LIVE_BLOCK_LEN,
    blocks: 1 + HOUSEHOLDS as u16,
    encode: encode_live,
};

const CLOSINGS: Area = Area {
    address: CLOSING_ADDRESS,
    block_len: CLOSING_BLOCK_LEN,
    blocks: HOUSEHOLDS as u16,
    encode: encode_closing,
};

/// Gives `count` registers from `address` to `out`, in order.
///
/// # Errors
/// [`OutsideMap`], before anything was given out, unless all of them lie in the live blocks or all in
/// the closing snapshots.
pub fn read(meter: &Meter, address: u16, count: u16, out: &mut dyn FnMut(u16)) -> Result<(), OutsideMap> {
    let area = [LIVE, CLOSINGS].into_iter().find(|area| area.holds(address, count)).ok_or(OutsideMap)?;
    let mut words = [0; LIVE_BLOCK_LEN as usize];
    let mut encoded_block = None;
    let first = address - area.address;
    for position in first..first + count {
        let block = position / area.block_len;
        if encoded_block != Some(block) {
            words = [0; LIVE_BLOCK_LEN as usize];
            (area.encode)(meter, usize::from(block), &mut words);
            encoded_block = Some(block);
        }
        out(words.get(usize::from(position % area.block_len)).copied().unwrap_or(0));
    }
    Ok(())
}

impl Area {
    fn holds(&self, address: u16, count: u16) -> bool {
        let end = u32::from(self.address) + u32::from(self.block_len) * u32::from(self.blocks);
        address >= self.address && u32::from(address) + u32::from(count) <= end
    }
}

fn encode_live(meter: &Meter, block: usize, words: &mut [u16; LIVE_BLOCK_LEN as usize]) {
    match block.checked_sub(1) {
        None => table::encode(HEADER_REGISTERS, &Header::of(meter), words),
        Some(household) => {
            if let Some(household) = meter.household(household) {
                table::encode(HOUSEHOLD_REGISTERS, &HouseholdState::of(household), words);
            }
        }
    }
}

fn encode_closing(meter: &Meter, block: usize, words: &mut [u16; LIVE_BLOCK_LEN as usize]) {
    if let Some(household) = meter.household(block) {
        table::encode(CLOSING_REGISTERS, &ClosingState::of(household), words);
    }
}
