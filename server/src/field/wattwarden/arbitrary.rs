//! Property tests: whatever registers a meter answers with, the server takes something that fits its rows, or nothing.

use domain::ids::HouseholdId;
use domain::settings::{household_block, household_text, meter_block, meter_text};
use domain::supply::{Desired, SupplyMode};
use meter_core::envelope::HOUSEHOLDS;
use meter_core::registers::{
    CLOSING_BLOCK_LEN, DETAIL_BLOCK_LEN, DISPLAY_BLOCK_LEN, HOUSEHOLD_REGISTERS, LIVE_READS, MAP_VERSION,
    SETTINGS_BLOCK_LEN, decode_closing, decode_detail, decode_digests, decode_household,
    decode_household_settings, decode_meter_settings, decode_page, decode_trailer,
};
use meter_core::settings::{HOUSEHOLD_BLOCKS, METER_BLOCKS};
use proptest::collection::vec;
use proptest::prelude::*;

use super::details;
use super::planner::{clock_drift_s, clock_generation, held_step, next_step};
use super::snapshot::{Snapshot, header, household_state, outlet};
use crate::field::closing;
use crate::field::observation::OutletState;
use crate::store::meters::field::Wanted;

const MOST_WH: i64 = u32::MAX as i64;

fn whole_len() -> usize {
    LIVE_READS.iter().map(|(_, count)| usize::from(*count)).sum()
}

/// Registers of a whole meter: arbitrary, but for the two that most would fail by.
fn whole_meter() -> impl Strategy<Value = Vec<u16>> {
    let mode = HOUSEHOLD_REGISTERS.iter().find(|register| register.name == "Supply mode").unwrap().offset;
    (vec(any::<u16>(), whole_len()), any::<[u8; HOUSEHOLDS]>()).prop_map(move |(mut words, modes)| {
        words[0] = MAP_VERSION;
        for (household, code) in modes.iter().enumerate() {
            words[30 * (household + 1) + usize::from(mode)] = u16::from(code % 3);
        }
        words
    })
}

fn id() -> HouseholdId {
    HouseholdId("h".to_owned())
}

fn desired() -> impl Strategy<Value = Desired> {
    let totals = (0..=MOST_WH, 0..=MOST_WH, 0..=MOST_WH);
    let supply = (0..3u8, proptest::option::of(any::<i64>()), any::<i64>());
    (totals, supply).prop_map(
        |((epoch, credited_wh, debited_wh), (mode, supply_until_ms, supply_generation))| Desired {
            household_id: id(),
            epoch,
            credited_wh,
            debited_wh,
            supply_mode: [SupplyMode::Auto, SupplyMode::Off, SupplyMode::On][usize::from(mode)],
            supply_until_ms,
            supply_generation,
            acknowledged_reminder: 0,
            released_lockout: 0,
        },
    )
}

proptest! {
    #[test]
    fn registers_of_any_number_are_a_meter_or_none(words in vec(any::<u16>(), 0..=2 * 362)) {
        prop_assert!(Snapshot::decode(&words).is_none_or(|_| words.len() == whole_len()));
        prop_assert!(header(&words).is_none_or(|header| header.map_version == MAP_VERSION));
        prop_assert!(household_state(&words).is_none_or(|state| state.supply_mode().is_some()));
        prop_assert!(decode_household(&words).is_none() || words.len() == 30);
        let _ = (decode_trailer(&words), decode_digests(&words));
    }

    #[test]
    fn any_household_makes_a_row(words in whole_meter(), uncounted_wh in 0..=MOST_WH, reminder in any::<u32>()) {
        let snapshot = Snapshot::decode(&words).unwrap();
        for state in &snapshot.households {
            let seen = OutletState { reminder: reminder.into(), ..outlet(state, None) };
            let row = seen.report(id(), uncounted_wh, 0, None);
            let totals = [row.credited_wh, row.debited_wh, row.used_wh, row.energy_total_wh];
            prop_assert!(totals.iter().all(|wh| *wh >= 0), "{:?}", row);
            let remaining_wh = row.credited_wh - row.debited_wh - row.used_wh;
            prop_assert_eq!(row.remaining_wh(), remaining_wh);
        }
    }

    #[test]
    fn any_meter_can_be_planned_for(
        words in whole_meter(), desired in desired(), now_s in any::<u32>(), stored in any::<u32>(),
        hoarding_wh in any::<u32>(),
    ) {
        let snapshot = Snapshot::decode(&words).unwrap();
        let drift_s = clock_drift_s(&snapshot.header, now_s.into());
        prop_assert_eq!(drift_s.is_some(), snapshot.header.clock_known());
        if let Some(generation) = clock_generation(&snapshot.header, stored, now_s.into(), 30) {
            prop_assert!(generation > stored && generation > snapshot.header.clock_generation);
        }
        for (position, state) in (0..).zip(&snapshot.households) {
            let _ = next_step(position, &desired, state, hoarding_wh);
            let held = held_step(position, &desired, state);
            prop_assert!(held.anomaly.is_some(), "credit is held back: {:?}", held);
        }
    }

    #[test]
    fn any_closing_makes_a_row_or_none(words in vec(any::<u16>(), 0..=40), forgotten_wh in 0..=MOST_WH, mine in any::<bool>()) {
        let Some(state) = decode_closing(&words) else {
            prop_assert_ne!(words.len(), usize::from(CLOSING_BLOCK_LEN));
            return Ok(());
        };
        let forgotten_epoch = if mine { state.epoch.into() } else { 0 };
        let desired = Desired {
            household_id: id(),
            epoch: 1,
            credited_wh: 0,
            debited_wh: 0,
            supply_mode: SupplyMode::Auto,
            supply_until_ms: None,
            supply_generation: 0,
            acknowledged_reminder: 0,
        released_lockout: 0,
        };
        let wanted =
            Wanted { position: 0, closings_known: 0, credit_held: None, desired, forgotten_epoch, forgotten_wh, count_epoch: None, count_used_before_wh: None, count_from_energy_wh: None };
        let row = closing::closing(&wanted, &super::closing::closing(&state), 5);
        prop_assert!(row.credited_wh >= 0 && row.debited_wh >= 0 && row.used_wh >= 0 && row.energy_total_wh >= 0);
        prop_assert!(row.closed_ms.is_none_or(|closed_ms| closed_ms > 0));
    }

    #[test]
    fn any_details_make_a_row_or_none(words in vec(any::<u16>(), 0..=64)) {
        let Some(state) = decode_detail(&words) else {
            prop_assert_ne!(words.len(), usize::from(DETAIL_BLOCK_LEN));
            return Ok(());
        };
        prop_assert_eq!(details::report(id(), 5, &state).household_id, id());
    }

    #[test]
    fn any_page_of_a_display_is_eighty_printable_characters(words in vec(any::<u16>(), 0..=80)) {
        let Some(page) = decode_page(&words) else {
            prop_assert_ne!(words.len(), usize::from(DISPLAY_BLOCK_LEN));
            return Ok(());
        };
        let text: String = (0..meter_core::display::LINES).map(|line| page.line(line)).collect();
        prop_assert_eq!(text.len(), 80);
        prop_assert!(text.chars().all(|character| (' '..='~').contains(&character)));
    }

    /// What is stored of settings must be read again at each visit: a text that is not would stop the meter's line.
    #[test]
    fn settings_that_are_taken_can_be_read_again(
        number in 0..=HOUSEHOLD_BLOCKS.max(METER_BLOCKS),
        words in prop_oneof![
            vec(any::<u16>(), 0..=64),
            vec(any::<u16>(), usize::from(SETTINGS_BLOCK_LEN)),
            vec(0..=3u16, usize::from(SETTINGS_BLOCK_LEN)),
        ],
    ) {
        if let Some((_, block)) = decode_household_settings(number, &words) {
            prop_assert_eq!(household_block(number.into(), &household_text(&block)).unwrap(), block);
        }
        if let Some((_, block)) = decode_meter_settings(number, &words) {
            prop_assert_eq!(meter_block(number.into(), &meter_text(&block)).unwrap(), block);
        }
    }
}
