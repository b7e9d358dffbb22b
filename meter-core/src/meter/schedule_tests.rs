//! What the schedule decides in a whole meter, for one loop and for two.

use super::*;
use crate::registers::HouseholdState;
use crate::relay::{Reasons, SupplyMode};
use crate::settings::{
    CalendarHalf, CapSettings, DayTable, DayType, HouseholdBlock, LoopId, MeterBlock, Rule, SiteSettings,
};
use crate::testing::{clock, drawing, meter, meter_settings, open, restarted, settings, supply};
use crate::units::MilliWatts;

/// A Monday.
const MONDAY: u32 = 20_003;

fn table(id: LoopId, day: DayType, periods: &[(u16, Rule)]) -> HouseholdBlock {
    HouseholdBlock::Table(id, day, DayTable::new(periods).unwrap())
}

fn lights_out() -> Meter {
    let mut meter = meter();
    for household in [0, 1] {
        meter.apply(&open(household, 1, 100_000)).unwrap();
    }
    for (generation, day, periods) in [
        (1, DayType::Working, &[(0, Rule::Off), (360, Rule::On), (1380, Rule::Off)][..]),
        (1, DayType::Rest, &[(60, Rule::Off), (360, Rule::On)][..]),
        (1, DayType::Examination, &[(1439, Rule::Off)][..]),
    ] {
        meter.apply(&settings(0, generation, table(LoopId::Main, day, periods))).unwrap();
    }
    let exams = CalendarHalf::new(&[(20_010, 20_011, DayType::Examination)]).unwrap();
    meter.apply(&meter_settings(1, MeterBlock::Calendar(1, exams))).unwrap();
    meter
}

fn at(day: u32, minute: u32) -> u32 {
    day * 86_400 + minute * 60
}

fn reasons(meter: &Meter) -> Reasons {
    meter.household(0).unwrap().reasons()
}

fn draw(meter: &mut Meter, power_w: i32, elapsed_ms: u32) {
    let inputs = drawing(meter, power_w * 1000);
    meter.tick(elapsed_ms, &inputs);
}

#[test]
fn the_meter_runs_its_tables_alone() {
    let mut meter = lights_out();
    meter.apply(&clock(1, at(MONDAY, 0))).unwrap();
    for minute in 0..14 * 1440 {
        let day = MONDAY + minute / 1440;
        let on = match (day, minute % 1440) {
            (20_010..=20_011, minute) => minute < 1439,
            (20_008 | 20_009 | 20_015 | 20_016, minute) => !(60..360).contains(&minute),
            (_, minute) => (360..1380).contains(&minute),
        };
        let expected = if on { Reasons::default() } else { Reasons::SCHEDULE };
        assert_eq!(reasons(&meter), expected, "day {day}, minute {}", minute % 1440);
        assert_eq!(meter.relays() >> 1 & 1, 1, "the neighbour has no table");
        draw(&mut meter, 0, 60_000);
    }
}

#[test]
fn daylight_saving_is_another_offset() {
    let mut meter = lights_out();
    meter.apply(&clock(1, at(MONDAY, 330))).unwrap();
    assert_eq!(reasons(&meter), Reasons::SCHEDULE);
    let summer = SiteSettings { utc_offset_min: 60, ..SiteSettings::FACTORY };
    meter.apply(&meter_settings(1, MeterBlock::Site(summer))).unwrap();
    assert!(reasons(&meter).is_empty());
}

#[test]
fn an_unknown_clock_switches_nothing_off() {
    let mut meter = lights_out();
    assert!(reasons(&meter).is_empty());
    meter.apply(&clock(1, at(MONDAY, 0))).unwrap();
    assert_eq!(reasons(&meter), Reasons::SCHEDULE);
    let mut meter = restarted(&meter);
    assert!(reasons(&meter).is_empty());
    meter.apply(&clock(2, at(MONDAY, 30))).unwrap();
    assert_eq!(reasons(&meter), Reasons::SCHEDULE, "as soon as it knows the time again");
}

#[test]
fn a_forced_on_goes_before_the_schedule() {
    let mut meter = lights_out();
    meter.apply(&clock(1, at(MONDAY, 0))).unwrap();
    meter.apply(&supply(0, SupplyMode::ForcedOn, at(MONDAY, 10), 1)).unwrap();
    assert!(reasons(&meter).is_empty());
    draw(&mut meter, 0, 600_000);
    assert_eq!(reasons(&meter), Reasons::SCHEDULE);
}

#[test]
fn a_cap_opens_and_tries_again_until_the_period_ends() {
    let mut meter = lights_out();
    let cap = CapSettings { delay_s: 5, recovery_s: 600 };
    meter.apply(&settings(0, 1, HouseholdBlock::Cap(LoopId::Main, cap))).unwrap();
    let periods = [(0, Rule::Capped(800)), (60, Rule::On)];
    meter.apply(&settings(0, 2, table(LoopId::Main, DayType::Working, &periods))).unwrap();
    meter.apply(&clock(1, at(MONDAY, 30))).unwrap();
    draw(&mut meter, 800, 60_000);
    assert!(reasons(&meter).is_empty());
    draw(&mut meter, 801, 5_001);
    assert_eq!(reasons(&meter), Reasons::POWER_CAP);
    draw(&mut meter, 0, 599_999);
    assert_eq!(reasons(&meter), Reasons::POWER_CAP);
    draw(&mut meter, 0, 1);
    assert!(reasons(&meter).is_empty());
    draw(&mut meter, 3000, 6_000);
    assert_eq!(reasons(&meter), Reasons::POWER_CAP);
    draw(&mut meter, 0, 500_000);
    assert_eq!(reasons(&meter), Reasons::POWER_CAP);
    meter.apply(&clock(2, at(MONDAY, 60))).unwrap();
    assert!(reasons(&meter).is_empty(), "no cap in the next period");
    draw(&mut meter, 3000, 60_000);
    assert!(reasons(&meter).is_empty());
}

#[test]
fn a_second_loop_has_its_own_relay_and_shares_the_credit() {
    let mut meter = lights_out();
    assert_eq!((meter.second_relays(), meter.household(0).unwrap().second()), (0, None));
    let site = SiteSettings { second_loops: 0b101, ..SiteSettings::FACTORY };
    meter.apply(&meter_settings(1, MeterBlock::Site(site))).unwrap();
    assert_eq!(meter.second_relays(), 0b001, "household 2 is vacant");
    meter.apply(&clock(1, at(MONDAY, 0))).unwrap();
    assert_eq!((meter.relays(), meter.second_relays()), (0b10, 0b01), "tables are a loop's own");
    let mut inputs = Inputs { second_contacts_closed: 1, ..Inputs::default() };
    inputs.second_measurements[0].power = MilliWatts(60_000_000);
    inputs.second_measurements[1].power = MilliWatts(60_000_000);
    meter.tick(3_600_000, &inputs);
    let state = |meter: &Meter, household| HouseholdState::of(meter.household(household).unwrap());
    assert_eq!((state(&meter, 0).used_wh, state(&meter, 0).power_mw), (60_000, 60_000_000));
    assert_eq!(state(&meter, 1).used_wh, 0, "household 1 has no second loop");
    let both = HouseholdState::SECOND_RELAY_CLOSED | HouseholdState::SECOND_CONTACT_CLOSED;
    assert_eq!(state(&meter, 0).flags & both, both);
    inputs.measurements[0].power = MilliWatts(40_000_000);
    inputs.second_measurements[0].power = MilliWatts(0);
    meter.tick(3_600_000, &inputs);
    assert_eq!(state(&meter, 0).remaining_wh, 0);
    assert_eq!(meter.second_relays(), 0, "one credit for both");
    assert!(!state(&meter, 0).has(HouseholdState::SECOND_RELAY_FAULT));
    meter.tick(2001, &inputs);
    assert!(state(&meter, 0).has(HouseholdState::SECOND_RELAY_FAULT), "its contact stayed closed");
}
