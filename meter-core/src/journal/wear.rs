//! How long NOR flash lasts under the journal: the arithmetic, from the sizes of the records.
//!
//! With 256 pages of 4096 bytes (1 MB), at the default rates: the energy record takes 120 bytes with
//! everything around it and is written every second in which something was used, 631 million times in 20
//! years; all else (a reading an hour, 200 events and 100 commands a day) is below a thousandth of that.
//! Together 76 GB. A page takes 3936 bytes of them (4096 less its head and less what a record that does not
//! fit leaves at its end, at most). Each time round the ring what counts is copied once, at most 77 kB, so a
//! round takes 255 × 3936 − 77 000 ≈ 927 000 bytes of new records and erases each page once: 82 000 times in
//! 20 years, of the 100 000 that such flash is made for. Twice the pages, half the wear.
//!
//! FRAM is made for 10¹² writes and more of each byte; one of 32 pages (128 kB) has each byte written and
//! erased about 1.7 million times in 20 years.

use super::key::{EVENTS, PROFILE_HOURS};
use super::page::{HEAD_LEN, MAX_STORED_LEN, stored_len};
use super::profile::READING_LEN;
use crate::events::EVENT_LEN;
use crate::meter::{ENERGY_RECORD_LEN, HOUSEHOLD_RECORD_LEN, STATE_LEN, STATE_RECORDS};

/// Erases that a page of NOR flash is made for.
pub const ENDURANCE: u64 = 100_000;
/// How long a meter is to last, years.
pub const LIFE_YEARS: u64 = 20;

const DAYS: u64 = LIFE_YEARS * 1461 / 4;
const ENERGY_A_DAY: u64 = 86_400;
const READINGS_A_DAY: u64 = 24;
const EVENTS_A_DAY: u64 = 200;
const COMMANDS_A_DAY: u64 = 100;

/// Bytes written in a meter's life at the default rates, copies left out.
#[must_use]
pub const fn written_in_a_life() -> u64 {
    let a_day = ENERGY_A_DAY * stored_len(ENERGY_RECORD_LEN) as u64
        + READINGS_A_DAY * stored_len(READING_LEN) as u64
        + EVENTS_A_DAY * stored_len(EVENT_LEN) as u64
        + COMMANDS_A_DAY * stored_len(HOUSEHOLD_RECORD_LEN) as u64;
    DAYS * a_day
}

/// Most bytes of records that count at one time.
#[must_use]
pub const fn counting() -> u64 {
    // Around each record lie 8 bytes, and at most 7 of filling.
    let state = STATE_LEN + STATE_RECORDS * 15;
    (state + EVENTS * stored_len(EVENT_LEN) + PROFILE_HOURS * stored_len(READING_LEN)) as u64
}

/// How often each page is erased in a meter's life; `None` if what counts does not fit with a page to spare.
#[must_use]
pub fn erases_in_a_life(pages: u32, page_len: u32) -> Option<u64> {
    let taken = u64::from(page_len).checked_sub(u64::from(HEAD_LEN) + MAX_STORED_LEN as u64)?;
    // The spare page holds nothing that counts.
    let fresh = (u64::from(pages).checked_sub(1)? * taken).checked_sub(counting())?;
    if fresh == 0 { None } else { Some(written_in_a_life().div_ceil(fresh)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::RecordKey;
    use crate::testing::meter;
    use std::println;

    fn record_len(key: RecordKey) -> usize {
        let mut record = [0; crate::meter::MAX_RECORD_LEN];
        let mut writer = crate::bytes::Writer::new(&mut record);
        meter().write_record(key, &mut writer).unwrap();
        writer.len()
    }

    #[test]
    fn the_arithmetic_uses_the_real_sizes() {
        assert_eq!(record_len(RecordKey::Energy), ENERGY_RECORD_LEN);
        assert_eq!(record_len(RecordKey::Household(3)), HOUSEHOLD_RECORD_LEN);
        assert_eq!(RecordKey::all().map(record_len).sum::<usize>(), STATE_LEN);
    }

    #[test]
    fn a_megabyte_of_flash_lasts_twenty_years() {
        let erases = erases_in_a_life(256, 4096).unwrap();
        println!("{} bytes, {} counting, {erases} erases a page", written_in_a_life(), counting());
        assert!((80_000..83_000).contains(&erases), "as the module says: {erases}");
        assert!(erases < ENDURANCE);
        assert!(erases_in_a_life(512, 4096).unwrap() < ENDURANCE / 2);
        let fram = erases_in_a_life(32, 4096).unwrap();
        assert!((1_000_000..2_000_000).contains(&fram), "{fram}");
        assert_eq!(erases_in_a_life(17, 4096), None, "what counts does not fit");
    }
}
