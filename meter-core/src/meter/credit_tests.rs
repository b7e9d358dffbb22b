//! What credit decides in a whole meter: reminder, warning, cut-off, overdraft, hoarding, friendly times.

use super::*;
use crate::registers::{Header, HouseholdState};
use crate::relay::{Reasons, SupplyMode};
use crate::settings::{
    CreditSettings, DayRange, FriendlyTimes, HouseholdBlock, MeterBlock, SiteSettings, Window,
};
use crate::testing::{
    acknowledge, clock, credit, drawing, meter, meter_settings, open, restarted, settings, supply,
};

const HOUR_MS: u32 = 3_600_000;
const SETTINGS: CreditSettings = CreditSettings {
    alarm_wh: 500,
    warning_wh: 800,
    cut_off_wh: 100,
    overdraft_wh: 0,
    hoarding_wh: 2000,
    drop_out_s: 60,
};

fn meter_with(settings_of_0: CreditSettings) -> Meter {
    let mut meter = meter();
    meter.apply(&settings(0, 1, HouseholdBlock::Credit(settings_of_0))).unwrap();
    meter.apply(&open(0, 1, 1000)).unwrap();
    meter
}

/// Uses whole watt-hours of every household in one hour.
fn consume(meter: &mut Meter, wh: i32) {
    let inputs = drawing(meter, wh * 1000);
    meter.tick(HOUR_MS, &inputs);
}

fn wait(meter: &mut Meter, elapsed_ms: u32) {
    let inputs = drawing(meter, 0);
    meter.tick(elapsed_ms, &inputs);
}

fn reasons(meter: &Meter) -> Reasons {
    meter.household(0).unwrap().reasons()
}

fn flags(meter: &Meter) -> HouseholdState {
    HouseholdState::of(meter.household(0).unwrap())
}

#[test]
fn credit_falls_through_every_level() {
    let mut meter = meter_with(SETTINGS);
    consume(&mut meter, 199);
    assert!(!flags(&meter).has(HouseholdState::LOW_CREDIT_WARNING));
    consume(&mut meter, 1);
    assert!(flags(&meter).has(HouseholdState::LOW_CREDIT_WARNING));
    assert!(reasons(&meter).is_empty(), "a warning does not switch");
    consume(&mut meter, 300);
    assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
    wait(&mut meter, 60_000);
    assert!(reasons(&meter).is_empty(), "back by itself");
    consume(&mut meter, 399);
    assert!(reasons(&meter).is_empty());
    consume(&mut meter, 1);
    assert_eq!(reasons(&meter), Reasons::OUT_OF_CREDIT, "cut at the set value, 100 Wh");
    meter.apply(&credit(0, 1, 1001)).unwrap();
    assert!(reasons(&meter).is_empty(), "restored without anyone's action");
}

#[test]
fn an_overdraft_goes_on_below_the_cut_off_level() {
    let mut meter = meter_with(CreditSettings { overdraft_wh: 300, alarm_wh: 0, ..SETTINGS });
    consume(&mut meter, 900);
    assert!(reasons(&meter).is_empty() && flags(&meter).has(HouseholdState::OVERDRAWN));
    consume(&mut meter, 299);
    assert!(reasons(&meter).is_empty());
    consume(&mut meter, 1);
    assert_eq!((reasons(&meter), flags(&meter).remaining_wh), (Reasons::OUT_OF_CREDIT, -200));
}

#[test]
fn a_reminder_waits_for_the_button_the_page_or_a_purchase() {
    let until_acknowledged = CreditSettings { drop_out_s: 0, ..SETTINGS };
    let reminded = || {
        let mut meter = meter_with(until_acknowledged);
        consume(&mut meter, 600);
        assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
        wait(&mut meter, HOUR_MS);
        assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
        meter
    };
    let mut by_button = reminded();
    assert!(by_button.acknowledge(0) && !by_button.acknowledge(0) && !by_button.acknowledge(11));
    let mut by_page = reminded();
    assert_eq!(by_page.apply(&acknowledge(0, 1)), Ok(Applied { changed: true }));
    assert_eq!(by_page.apply(&acknowledge(0, 1)), Ok(Applied { changed: false }));
    assert_eq!(by_page.apply(&acknowledge(0, 2)), Err(Refusal::OutOfRange));
    let mut by_purchase = reminded();
    by_purchase.apply(&credit(0, 1, 1010)).unwrap();
    let mut after_outage = restarted(&reminded());
    assert_eq!(reasons(&after_outage), Reasons::LOW_CREDIT_REMINDER, "an outage does not acknowledge");
    after_outage.acknowledge(0);
    for meter in [&mut by_button, &mut by_page, &mut by_purchase, &mut after_outage] {
        assert!(reasons(meter).is_empty());
        consume(meter, 10);
        assert!(reasons(meter).is_empty(), "once a crossing");
        assert!(reasons(&restarted(meter)).is_empty(), "an outage does not remind again");
    }
}

#[test]
fn a_new_tenant_starts_with_a_fresh_reminder() {
    let mut meter = meter_with(CreditSettings { drop_out_s: 0, ..SETTINGS });
    consume(&mut meter, 600);
    meter.apply(&open(0, 2, 400)).unwrap();
    assert!(reasons(&meter).is_empty(), "never stood above the level");
    meter.apply(&credit(0, 2, 600)).unwrap();
    consume(&mut meter, 100);
    assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
    assert_eq!(meter.apply(&acknowledge(0, 1)), Err(Refusal::Stale), "numbers go on");
}

#[test]
fn hoarding_is_refused_with_its_own_code_and_nothing_changes() {
    let mut meter = meter_with(SETTINGS);
    assert_eq!(meter.apply(&credit(0, 1, 2001)), Err(Refusal::Hoarding));
    assert_eq!(Header::of(&meter).last_result, 10);
    assert_eq!(flags(&meter).credited_wh, 1000);
    assert_eq!(meter.apply(&credit(0, 1, 2000)), Ok(Applied { changed: true }));
    consume(&mut meter, 300);
    assert_eq!(meter.apply(&credit(0, 1, 2300)), Ok(Applied { changed: true }), "what is used makes room");
    assert_eq!(meter.apply(&open(0, 2, 2001)), Err(Refusal::Hoarding));
    assert_eq!(meter.apply(&open(0, 2, 2000)), Ok(Applied { changed: true }));
    let lower = CreditSettings { hoarding_wh: 10, ..SETTINGS };
    meter.apply(&settings(0, 2, HouseholdBlock::Credit(lower))).unwrap();
    assert_eq!(meter.apply(&credit(0, 2, 2000)), Ok(Applied { changed: false }), "a repeat is no lift");
    assert_eq!(meter.apply(&credit(0, 1, 9000)), Err(Refusal::WrongEpoch));
}

#[test]
fn friendly_times_do_not_disconnect_and_need_the_clock() {
    // Local 22:00 to 06:00 each day, and the whole of local day 20 000; the site is 8 hours ahead.
    let mut times = FriendlyTimes::FACTORY;
    times.windows[0] = Window { weekdays: 0x7F, start_min: 1320, end_min: 360 };
    times.dates[0] = DayRange { from_day: 20_000, to_day: 20_000 };
    let site = SiteSettings { utc_offset_min: 480, ..SiteSettings::FACTORY };
    let mut meter = meter_with(CreditSettings { drop_out_s: 0, ..SETTINGS });
    meter.apply(&settings(0, 1, HouseholdBlock::Friendly(times))).unwrap();
    meter.apply(&meter_settings(1, MeterBlock::Site(site))).unwrap();
    consume(&mut meter, 1000);
    let credit_reasons = Reasons::OUT_OF_CREDIT.with(Reasons::LOW_CREDIT_REMINDER);
    assert_eq!(reasons(&meter), credit_reasons, "without a clock no time is friendly");
    let local = |day: u32, minute: u32| day * 86_400 + minute * 60 - 8 * 3600;
    for (generation, (day, minute, friendly)) in (1..).zip([
        (19_990, 1319, false),
        (19_990, 1320, true),
        (19_991, 359, true),
        (19_991, 360, false),
        (20_000, 720, true),
        (20_001, 720, false),
    ]) {
        meter.apply(&clock(generation, local(day, minute))).unwrap();
        assert_eq!(reasons(&meter).is_empty(), friendly, "day {day}, minute {minute}");
        assert_eq!(flags(&meter).has(HouseholdState::FRIENDLY_TIME), friendly);
        assert_eq!(meter.relays() & !1, 0, "the vacant households stay off");
    }
}

#[test]
fn a_crossing_in_a_friendly_hour_reminds_when_the_hour_is_over() {
    let mut times = FriendlyTimes::FACTORY;
    times.windows[0] = Window { weekdays: 0x7F, start_min: 0, end_min: 120 };
    let mut meter = meter_with(SETTINGS);
    meter.apply(&settings(0, 1, HouseholdBlock::Friendly(times))).unwrap();
    meter.apply(&clock(1, 10 * 86_400)).unwrap();
    consume(&mut meter, 600);
    assert!(reasons(&meter).is_empty());
    consume(&mut meter, 0);
    assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
}

#[test]
fn a_forced_on_goes_before_credit_and_does_not_use_up_the_reminder() {
    let mut meter = meter_with(SETTINGS);
    meter.apply(&clock(1, 1000)).unwrap();
    meter.apply(&supply(0, SupplyMode::ForcedOn, 9000, 1)).unwrap();
    consume(&mut meter, 600);
    assert!(reasons(&meter).is_empty());
    meter.apply(&supply(0, SupplyMode::Auto, 0, 2)).unwrap();
    assert_eq!(reasons(&meter), Reasons::LOW_CREDIT_REMINDER);
}
