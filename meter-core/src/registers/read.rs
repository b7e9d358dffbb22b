//! Reads of the map as functions 03 and 04 do them.

use super::display::{self, DISPLAY_BLOCKS};
use super::settings;
use super::state::settings_digests;
use super::table::{
    self, CLOSING_REGISTERS, DETAIL_REGISTERS, HEADER_REGISTERS, HOUSEHOLD_REGISTERS, TRAILER_REGISTERS,
};
use super::words::Words;
use super::{
    CLOSING_ADDRESS, CLOSING_BLOCK_LEN, ClosingState, DETAIL_ADDRESS, DETAIL_BLOCK_LEN, DIGESTS_ADDRESS,
    DIGESTS_LEN, DISPLAY_ADDRESS, DISPLAY_BLOCK_LEN, DetailState, HEADER_ADDRESS, Header, HouseholdState,
    LIVE_BLOCK_LEN, SETTINGS_ADDRESS, SETTINGS_BLOCK_LEN, SETTINGS_STRIDE, Trailer,
};
use crate::envelope::HOUSEHOLDS;
use crate::meter::Meter;
use crate::settings::{HOUSEHOLD_BLOCKS, METER_BLOCKS};

/// A register of the read does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideMap;

/// Blocks of one length without a gap.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) address: u16,
    pub(super) block_len: u16,
    pub(super) blocks: u16,
}

/// A run of blocks of one kind.
struct Area {
    run: Run,
    /// Whose, where the kind has a run of its own for each household.
    owner: usize,
    encode: fn(&Meter, Place, &mut Words),
}

/// Which block of an area.
#[derive(Clone, Copy)]
struct Place {
    owner: usize,
    block: usize,
}

const LIVE: Area = Area {
    run: Run { address: HEADER_ADDRESS, block_len: LIVE_BLOCK_LEN, blocks: 2 + HOUSEHOLDS as u16 },
    owner: 0,
    encode: encode_live,
};

const CLOSINGS: Area = Area {
    run: Run { address: CLOSING_ADDRESS, block_len: CLOSING_BLOCK_LEN, blocks: HOUSEHOLDS as u16 },
    owner: 0,
    encode: encode_closing,
};

const DIGESTS: Area = Area {
    run: Run { address: DIGESTS_ADDRESS, block_len: DIGESTS_LEN, blocks: 1 },
    owner: 0,
    encode: |meter, _, words| settings::encode_digests(&settings_digests(meter), words),
};

const DETAILS: Area = Area {
    run: Run { address: DETAIL_ADDRESS, block_len: DETAIL_BLOCK_LEN, blocks: HOUSEHOLDS as u16 },
    owner: 0,
    encode: encode_detail,
};

const DISPLAY: Area = Area {
    run: Run { address: DISPLAY_ADDRESS, block_len: DISPLAY_BLOCK_LEN, blocks: DISPLAY_BLOCKS as u16 },
    owner: 0,
    encode: |meter, place, words| display::encode(meter, place.block, words),
};

/// The blocks of a household, or of the meter after the last household.
const fn settings_of(owner: usize) -> Area {
    let of_household = owner < HOUSEHOLDS;
    Area {
        run: Run {
            address: SETTINGS_ADDRESS + SETTINGS_STRIDE * owner as u16,
            block_len: SETTINGS_BLOCK_LEN,
            blocks: if of_household { HOUSEHOLD_BLOCKS as u16 } else { METER_BLOCKS as u16 },
        },
        owner,
        encode: if of_household { encode_household_settings } else { encode_meter_settings },
    }
}

/// Gives `count` registers from `address` to `out`, in order.
///
/// # Errors
/// [`OutsideMap`], before anything was given out, unless all of them lie in blocks of one kind and of one
/// owner.
pub fn read(meter: &Meter, address: u16, count: u16, out: &mut dyn FnMut(u16)) -> Result<(), OutsideMap> {
    let settings = (0..=HOUSEHOLDS).map(settings_of);
    let mut areas = [LIVE, CLOSINGS, DIGESTS, DETAILS, DISPLAY].into_iter().chain(settings);
    let area = areas.find(|area| area.run.holds(address, count)).ok_or(OutsideMap)?;
    give_out(area.run, address, count, out, &mut |block, words| {
        (area.encode)(meter, Place { owner: area.owner, block: usize::from(block) }, words);
    });
    Ok(())
}

/// Gives out registers of a run that holds them, encoding each block once.
pub(super) fn give_out(
    run: Run,
    address: u16,
    count: u16,
    out: &mut dyn FnMut(u16),
    encode: &mut dyn FnMut(u16, &mut Words),
) {
    let mut words: Words = [0; 40];
    let mut encoded_block = None;
    let first = address - run.address;
    for position in first..first + count {
        let block = position / run.block_len;
        if encoded_block != Some(block) {
            words.fill(0);
            encode(block, &mut words);
            encoded_block = Some(block);
        }
        out(words.get(usize::from(position % run.block_len)).copied().unwrap_or(0));
    }
}

impl Run {
    pub(super) fn holds(&self, address: u16, count: u16) -> bool {
        let end = u32::from(self.address) + u32::from(self.block_len) * u32::from(self.blocks);
        address >= self.address && u32::from(address) + u32::from(count) <= end
    }
}

fn encode_live(meter: &Meter, place: Place, words: &mut Words) {
    match place.block.checked_sub(1) {
        None => table::encode(HEADER_REGISTERS, &Header::of(meter), words),
        Some(household) => match meter.household(household) {
            Some(household) => table::encode(HOUSEHOLD_REGISTERS, &HouseholdState::of(household), words),
            None => table::encode(TRAILER_REGISTERS, &Trailer::of(meter), words),
        },
    }
}

fn encode_closing(meter: &Meter, place: Place, words: &mut Words) {
    if let Some(household) = meter.household(place.block) {
        table::encode(CLOSING_REGISTERS, &ClosingState::of(household), words);
    }
}

fn encode_detail(meter: &Meter, place: Place, words: &mut Words) {
    if let Some(household) = meter.household(place.block) {
        let day_type = meter.moment().day_type;
        table::encode(DETAIL_REGISTERS, &DetailState::of(household, day_type), words);
    }
}

fn encode_household_settings(meter: &Meter, place: Place, words: &mut Words) {
    let household = meter.household(place.owner);
    let number = u8::try_from(place.block).ok();
    let block = household.zip(number).and_then(|(household, number)| household.settings().block(number));
    if let Some((generation, block)) = block {
        settings::encode(generation, |writer| block.write(writer), words);
    }
}

fn encode_meter_settings(meter: &Meter, place: Place, words: &mut Words) {
    let number = u8::try_from(place.block).ok();
    if let Some((generation, block)) = number.and_then(|number| meter.settings().block(number)) {
        settings::encode(generation, |writer| block.write(writer), words);
    }
}
