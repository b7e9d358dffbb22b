//! Blocks of settings in words.

use meter_core::settings::{
    CapSettings, CreditSettings, DayRange, DayTable, FriendlyTimes, HouseholdBlock, Rule,
};
use words::Lang;

use super::protection_words::{over_current_words, permitted_words, vicious_words, voltage_words};
use super::times::time_text;
use super::window_words::window_words;
use crate::web::kit::format::Format;

/// What a block says, a line each.
#[must_use]
pub fn words(t: Lang, f: &Format, block: &HouseholdBlock) -> Vec<String> {
    match block {
        HouseholdBlock::Credit(credit) => credit_words(t, f, credit),
        HouseholdBlock::Friendly(times) => friendly_words(t, f, times),
        HouseholdBlock::Cap(_, cap) => vec![cap_words(t, *cap)],
        HouseholdBlock::Table(_, _, table) => vec![table_words(t, table)],
        HouseholdBlock::Voltage(voltage) => voltage_words(t, f, voltage),
        HouseholdBlock::OverCurrent(_, settings) => over_current_words(t, f, settings),
        HouseholdBlock::Vicious(_, settings) => vicious_words(t, settings),
        HouseholdBlock::Permitted(_, permitted) => vec![permitted_words(t, permitted)],
    }
}

fn credit_words(t: Lang, f: &Format, credit: &CreditSettings) -> Vec<String> {
    let kwh = |wh: u32| f.kwh_plain(wh.into());
    let mut lines = Vec::new();
    if credit.warning_wh > 0 {
        lines.push(t.credit_warns(kwh(credit.warning_wh)));
    }
    lines.push(match (credit.alarm_wh, credit.drop_out_s) {
        (0, _) => t.credit_no_alarm().to_owned(),
        (alarm_wh, 0) => t.credit_alarms_until_seen(kwh(alarm_wh)),
        (alarm_wh, seconds) => t.credit_alarms(kwh(alarm_wh), t.seconds(seconds)),
    });
    lines.push(t.credit_cuts(kwh(credit.cut_off_wh)));
    if credit.overdraft_wh > 0 {
        lines.push(t.credit_overdraws(kwh(credit.overdraft_wh)));
    }
    if credit.hoarding_wh > 0 {
        lines.push(t.credit_hoards(kwh(credit.hoarding_wh)));
    }
    lines
}

fn friendly_words(t: Lang, f: &Format, times: &FriendlyTimes) -> Vec<String> {
    let windows =
        times.windows.iter().filter(|window| window.weekdays != 0).map(|window| window_words(t, window));
    let dates = times.dates.iter().filter(|range| range.from_day != 0).map(|range| range_words(t, f, range));
    let lines: Vec<_> = windows.chain(dates).collect();
    if lines.is_empty() { vec![t.friendly_none().to_owned()] } else { lines }
}

/// Dates, or the one that it is.
#[must_use]
pub fn range_words(t: Lang, f: &Format, range: &DayRange) -> String {
    if range.from_day == range.to_day {
        f.day(range.from_day)
    } else {
        t.from_to(f.day(range.from_day), f.day(range.to_day))
    }
}

fn cap_words(t: Lang, cap: CapSettings) -> String {
    t.cap_says(t.seconds(cap.delay_s), t.seconds(cap.recovery_s))
}

fn table_words(t: Lang, table: &DayTable) -> String {
    let used: Vec<_> = table.periods.iter().filter(|period| period.start_min < DAY_MIN).collect();
    if used.is_empty() {
        return t.table_always_on().to_owned();
    }
    let period = |start_min: u16, rule: Rule| t.period(time_text(start_min), rule_words(t, rule));
    let first = used.first().filter(|period| period.start_min > 0).map(|_| period(0, Rule::On));
    let rest = used.iter().map(|one| period(one.start_min, Rule::from_code(one.rule)));
    first.into_iter().chain(rest).collect::<Vec<_>>().join(t.list_separator())
}

/// Minutes of a day; a period that begins there or later is not used.
const DAY_MIN: u16 = meter_core::local_time::DAY_MIN;

fn rule_words(t: Lang, rule: Rule) -> String {
    match rule {
        Rule::Off => t.rule_off().to_owned(),
        Rule::On => t.rule_on().to_owned(),
        Rule::Capped(watts) => t.rule_capped(watts),
    }
}
