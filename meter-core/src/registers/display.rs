//! The display's pages as registers: two characters each, the first in the high byte.

use super::words::Words;
use super::{DISPLAY_ADDRESS, DISPLAY_BLOCK_LEN};
use crate::display::{self, COLUMNS, DETAIL_PAGES, LINES, Page};
use crate::envelope::HOUSEHOLDS;
use crate::meter::Meter;

/// Pages of a household: its overview and its details.
const PAGES: usize = 1 + DETAIL_PAGES;
/// Pages before the households': what is on the display, and the meter's own.
const FIRST: usize = 2;
/// All pages.
pub(super) const DISPLAY_BLOCKS: usize = FIRST + HOUSEHOLDS * PAGES;

/// Address of a household's page: 0 the overview, 1 to 3 the details; `None` if there is no such household
/// or page. What is on the display lies at [`DISPLAY_ADDRESS`], the meter's own page after it.
#[must_use]
pub const fn display_address(household: usize, page: usize) -> Option<u16> {
    if household < HOUSEHOLDS && page < PAGES {
        Some(DISPLAY_ADDRESS + DISPLAY_BLOCK_LEN * (FIRST + household * PAGES + page) as u16)
    } else {
        None
    }
}

/// A page, from its 40 registers; `None` for another number of registers.
#[must_use]
pub fn decode_page(words: &[u16]) -> Option<Page> {
    let words: &[u16; DISPLAY_BLOCK_LEN as usize] = words.try_into().ok()?;
    let mut bytes = [0; LINES * COLUMNS];
    for (pair, word) in bytes.chunks_exact_mut(2).zip(words) {
        pair.copy_from_slice(&word.to_be_bytes());
    }
    Some(Page::from_bytes(&bytes))
}

pub(super) fn encode(meter: &Meter, block: usize, words: &mut Words) {
    let mut bytes = page(meter, block).bytes();
    for word in words {
        let pair = [bytes.next().unwrap_or(b' '), bytes.next().unwrap_or(b' ')];
        *word = u16::from_be_bytes(pair);
    }
}

fn page(meter: &Meter, block: usize) -> Page {
    let Some(of_household) = block.checked_sub(FIRST) else {
        return if block == 0 { meter.screen().page(meter) } else { display::meter_page(meter) };
    };
    let index = of_household / PAGES;
    let Some(household) = meter.household(index) else { return Page::default() };
    match (of_household % PAGES).checked_sub(1) {
        None => display::overview(index, household, &meter.moment()),
        Some(number) => display::detail(number, index, household, &meter.moment()),
    }
}
