//! The meter at its boundaries: cut-off, return, forced supply, relay feedback, restart.

use super::*;
use crate::relay::{Reasons, SupplyMode};
use crate::settings::{
    CapSettings, CreditSettings, DayTable, DayType, HouseholdBlock, HouseholdSettings, LoopId, MeterBlock,
    Rule, SiteSettings,
};
use crate::testing::{clock, credit, drawing, meter, meter_settings, open, restarted, settings, supply};
use crate::units::{UnixSeconds, WattHours};
use std::collections::BTreeSet;
use std::vec::Vec;

const HOUR_MS: u32 = 3_600_000;

fn reasons(meter: &Meter, household: usize) -> Reasons {
    meter.household(household).unwrap().reasons()
}

fn draw(meter: &mut Meter, power_mw: i32, elapsed_ms: u32) {
    let inputs = drawing(meter, power_mw);
    meter.tick(elapsed_ms, &inputs);
}

#[test]
fn a_new_meter_supplies_nobody() {
    let meter = meter();
    assert_eq!(meter.relays(), 0);
    assert_eq!(reasons(&meter, 0), Reasons::VACANT.with(Reasons::OUT_OF_CREDIT));
    assert_eq!(meter.boot_count(), 1);
}

#[test]
fn power_goes_at_zero_and_comes_back_by_itself_after_a_purchase() {
    let mut meter = meter();
    assert_eq!(meter.apply(&open(10, 1, 2)), Ok(Applied { changed: true }));
    assert_eq!(meter.relays(), 1 << 10);
    draw(&mut meter, 1000, HOUR_MS);
    assert_eq!(meter.relays(), 1 << 10, "1 Wh is left");
    draw(&mut meter, 1000, HOUR_MS - 1);
    assert_eq!(meter.relays(), 1 << 10, "a millisecond before the last watt-hour is whole");
    draw(&mut meter, 1000, 1);
    assert_eq!(meter.relays(), 0);
    assert_eq!(reasons(&meter, 10), Reasons::OUT_OF_CREDIT);
    assert_eq!(meter.apply(&credit(10, 1, 3)), Ok(Applied { changed: true }));
    assert_eq!(meter.relays(), 1 << 10);
}

#[test]
fn a_repeat_is_accepted_and_changes_nothing() {
    let mut meter = meter();
    for (envelope, changed) in [
        (open(3, 5, 100), true),
        (open(3, 5, 100), false),
        (credit(3, 5, 100), false),
        (supply(3, SupplyMode::ForcedOff, 0, 2), true),
        (supply(3, SupplyMode::ForcedOff, 0, 2), false),
        (clock(4, 1000), true),
        (clock(4, 1000), false),
        (clock(4, 2000), false),
    ] {
        assert_eq!(meter.apply(&envelope), Ok(Applied { changed }));
    }
    assert_eq!(meter.clock().now(), Some(UnixSeconds(1000)));
    assert_eq!((meter.envelopes().taken, meter.envelopes().refused), (8, 0));
}

#[test]
fn generations_of_a_household_only_count_forward() {
    let mut meter = meter();
    meter.apply(&supply(3, SupplyMode::ForcedOff, 0, 7)).unwrap();
    assert_eq!(meter.apply(&supply(3, SupplyMode::Auto, 0, 6)), Err(Refusal::Stale));
    assert_eq!(meter.apply(&supply(3, SupplyMode::Auto, 0, 7)), Err(Refusal::Conflict));
    assert_eq!(meter.apply(&supply(4, SupplyMode::Auto, 0, 1)), Ok(Applied { changed: true }));
    assert_eq!(meter.envelopes().last.unwrap().result, Ok(()));
    assert_eq!((meter.envelopes().taken, meter.envelopes().refused), (2, 2));
}

#[test]
fn a_forced_on_ends_by_itself_and_waits_for_the_clock() {
    let mut meter = meter();
    meter.apply(&supply(0, SupplyMode::ForcedOn, 1010, 1)).unwrap();
    assert_eq!(meter.relays(), 0, "the clock is unknown");
    meter.apply(&clock(1, 1000)).unwrap();
    assert_eq!(meter.relays(), 1, "at once, without a tick");
    draw(&mut meter, 0, 9999);
    assert_eq!(meter.relays(), 1);
    draw(&mut meter, 0, 1);
    assert_eq!(meter.relays(), 0);
    assert_eq!(reasons(&meter, 0), Reasons::VACANT.with(Reasons::OUT_OF_CREDIT));
}

#[test]
fn a_forced_off_with_an_end_ends_by_itself() {
    let mut meter = meter();
    meter.apply(&open(0, 1, 100)).unwrap();
    meter.apply(&clock(1, 1000)).unwrap();
    meter.apply(&supply(0, SupplyMode::ForcedOff, 1002, 1)).unwrap();
    assert_eq!(reasons(&meter, 0), Reasons::FORCED_OFF);
    draw(&mut meter, 0, 2000);
    assert_eq!(meter.relays(), 1);
}

#[test]
fn reverse_flow_counts_nothing_and_energy_counts_with_an_open_contact() {
    let mut meter = meter();
    draw(&mut meter, -5_000_000, HOUR_MS);
    assert_eq!(meter.household(0).unwrap().energy().total().0, 0);
    draw(&mut meter, 5_000_000, HOUR_MS);
    assert_eq!(meter.household(0).unwrap().energy().total().0, 5000);
    assert_eq!(meter.household(0).unwrap().credit().used(), WattHours(5000));
}

#[test]
fn opening_an_epoch_snapshots_the_energy_total() {
    let mut meter = meter();
    meter.apply(&open(0, 1, 9000)).unwrap();
    draw(&mut meter, 5_000_000, HOUR_MS);
    meter.apply(&open(0, 2, 10)).unwrap();
    let closing = meter.household(0).unwrap().credit().closing().unwrap();
    assert_eq!((closing.epoch, closing.used.0, closing.energy_total.0), (1, 5000, 5000));
    assert_eq!(closing.closed_at, None, "the clock is unknown");
}

#[test]
fn a_contact_that_disagrees_too_long_is_a_fault() {
    let mut meter = meter();
    let welded = Inputs { contacts_closed: 1, ..Inputs::default() };
    meter.tick(2000, &welded);
    assert!(!meter.household(0).unwrap().relay_fault());
    meter.tick(1, &welded);
    assert!(meter.household(0).unwrap().relay_fault());
    assert!(!meter.household(1).unwrap().relay_fault());
    meter.tick(1, &Inputs::default());
    assert!(!meter.household(0).unwrap().relay_fault(), "a fault that heals is gone");
}

#[test]
fn a_restart_keeps_the_credit_and_forgets_the_time() {
    let mut before = meter();
    before.apply(&clock(8, 1_000_000)).unwrap();
    before.apply(&open(2, 4, 500)).unwrap();
    draw(&mut before, 123_456, HOUR_MS);
    before.apply(&open(2, 5, 500)).unwrap();
    before.apply(&supply(2, SupplyMode::ForcedOff, 2_000_000, 3)).unwrap();
    let mut after = restarted(&before);
    assert_eq!(after.boot_count(), 2);
    assert_eq!((after.clock().now(), after.clock().generation()), (None, 8));
    assert_eq!((after.uptime_s(), after.envelopes().taken), (0, 0));
    for (old, new) in before.households().iter().zip(after.households()) {
        assert_eq!((old.credit(), old.energy(), old.supply()), (new.credit(), new.energy(), new.supply()));
    }
    assert_eq!(reasons(&after, 2), Reasons::FORCED_OFF);
    assert_eq!(after.apply(&clock(7, 5)), Err(Refusal::Stale));
}

#[test]
fn a_record_of_impossible_content_is_refused() {
    let mut meter = meter();
    let key = RecordKey::Household(0);
    let mut record = [0; MAX_RECORD_LEN];
    let mut writer = crate::bytes::Writer::new(&mut record);
    meter.write_record(key, &mut writer).unwrap();
    let mut bytes = writer.written().to_vec();
    assert_eq!(meter.load_record(key, &bytes), Ok(()));
    assert_eq!(meter.load_record(key, &bytes[1..]), Err(BadRecord(key)));
    // The supply mode lies after 44 bytes of credit and 10 of energy.
    bytes[54] = 9;
    assert_eq!(meter.load_record(key, &bytes), Err(BadRecord(key)));
}

#[test]
fn every_record_has_a_number_and_a_place_of_its_own() {
    let keys: Vec<RecordKey> = RecordKey::all().collect();
    assert_eq!(keys.len(), STATE_RECORDS);
    let codes: BTreeSet<u16> = keys.iter().map(|key| key.code()).collect();
    let places: BTreeSet<usize> = keys.iter().map(|key| key.index()).collect();
    assert_eq!(codes.len(), STATE_RECORDS);
    assert_eq!(places, (0..STATE_RECORDS).collect());
}

#[test]
fn settings_are_taken_by_generation_and_survive_a_restart() {
    let credit = |alarm_wh| HouseholdBlock::Credit(CreditSettings { alarm_wh, ..CreditSettings::FACTORY });
    let table = DayTable::new(&[(60, Rule::Off)]).unwrap();
    let table = HouseholdBlock::Table(LoopId::Main, DayType::Examination, table);
    let site = MeterBlock::Site(SiteSettings { utc_offset_min: 480, ..SiteSettings::FACTORY });
    let mut meter = meter();
    for (envelope, answer) in [
        (settings(3, 5, credit(1000)), Ok(Applied { changed: true })),
        (settings(3, 5, credit(1000)), Ok(Applied { changed: false })),
        (settings(3, 5, credit(2000)), Err(Refusal::Conflict)),
        (settings(3, 4, credit(1000)), Err(Refusal::Stale)),
        (settings(3, 1, table), Ok(Applied { changed: true })),
        (meter_settings(2, site), Ok(Applied { changed: true })),
        (
            settings(7, 1, HouseholdBlock::Cap(LoopId::Second, CapSettings::FACTORY)),
            Ok(Applied { changed: true }),
        ),
        (settings(8, 1, HouseholdBlock::Cap(LoopId::Second, CapSettings::FACTORY)), Err(Refusal::OutOfRange)),
    ] {
        assert_eq!(meter.apply(&envelope), answer);
    }
    for meter in [&meter, &restarted(&meter)] {
        let settings = meter.household(3).unwrap().settings();
        assert_eq!(settings.block(0), Some((5, credit(1000))));
        assert_eq!(settings.block(table.number()), Some((1, table)));
        assert_eq!(meter.settings().block(0), Some((2, site)));
        assert_eq!(*meter.household(4).unwrap().settings(), HouseholdSettings::FACTORY);
    }
}

#[test]
fn the_debug_text_does_not_betray_the_key() {
    let text = std::format!("{:?}", meter());
    assert!(text.contains("serial"));
    assert!(!text.contains("48, 49, 50"), "the key's first bytes");
}
