//! How long NOR flash lasts under the journal: the arithmetic, from the sizes of the records.
//!
//! The memory is two rings, each half of it. With 256 pages of 4096 bytes (1 MB), at the default rates: the
//! energy record takes 128 bytes with everything around it, its stamp among them, and is written every second
//! in which something was used, to the two rings in turn: 631 million times in 20 years. All else (a reading
//! an hour, 200 events and 100 commands a day, these in both rings) is below a thousandth of that. Together
//! 81 GB. A page takes 3928 bytes of them (4096 less its head and less what a record that does not fit leaves
//! at its end, at most). Each time round the rings what counts is copied once, at most 99 kB, the state in
//! both; so a round takes 254 × 3928 − 99 000 ≈ 899 000 bytes of new records and erases each page once:
//! 90 000 times in 20 years, of the 100 000 that such flash is made for.
//!
//! That the state stands twice costs 15 kB of space and no wear to speak of, for it is written rarely; the
//! energy is not written twice, which would double the wear, but in turn, so that a lost page costs at most
//! the energy of one second more. The stamps cost 6 %. Correcting a bit costs nothing: the check sum does it.
//! Healing a damaged ring turns it once round, which is one erase more of each page.
//!
//! FRAM is made for 10¹² writes and more of each byte; one of 32 pages (128 kB) has each byte written and
//! erased about 4.3 million times in 20 years.

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
        + 2 * COMMANDS_A_DAY * stored_len(HOUSEHOLD_RECORD_LEN) as u64;
    DAYS * a_day
}

/// Most bytes of records that count at one time, those of the state in both rings.
#[must_use]
pub const fn counting() -> u64 {
    // Around each record lie 12 bytes, and at most 7 of filling.
    let state = STATE_LEN + STATE_RECORDS * 19;
    (2 * state + EVENTS * stored_len(EVENT_LEN) + PROFILE_HOURS * stored_len(READING_LEN)) as u64
}

/// How often each page is erased in a meter's life; `None` if what counts does not fit with a page to spare.
#[must_use]
pub fn erases_in_a_life(pages: u32, page_len: u32) -> Option<u64> {
    let taken = u64::from(page_len).checked_sub(u64::from(HEAD_LEN) + MAX_STORED_LEN as u64)?;
    // The spare page of each ring holds nothing that counts.
    let fresh = (u64::from(pages).checked_sub(2)? * taken).checked_sub(counting())?;
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
        assert!((89_000..91_000).contains(&erases), "as the module says: {erases}");
        assert!(erases < ENDURANCE);

        let fram = erases_in_a_life(32, 4096).unwrap();
        assert!((3_000_000..5_000_000).contains(&fram), "{fram}");
        assert_eq!(erases_in_a_life(26, 4096), None, "what counts does not fit");
    }
}
