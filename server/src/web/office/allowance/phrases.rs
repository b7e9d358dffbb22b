//! A rule of free electricity in words, and why a room gets nothing.

use domain::allowance::{Carry, FirstMonth, ResidentKind};
use jiff::ToSpan;
use jiff::civil::date;
use words::Lang;

use crate::reads::allowance::Rule;
use crate::reads::allowance::candidates::Candidate;
use crate::web::kit::format::Format;
use crate::web::office::meters::settings::times::time_text;

/// What people of a kind are called.
#[must_use]
pub const fn kind_name(t: Lang, kind: ResidentKind) -> &'static str {
    match kind {
        ResidentKind::Undergraduate => t.kind_undergraduate(),
        ResidentKind::Postgraduate => t.kind_postgraduate(),
        ResidentKind::Staff => t.kind_staff(),
        ResidentKind::Other => t.kind_other(),
    }
}

/// Why a room gets nothing, as [`Candidate::reason`] has it.
#[must_use]
pub fn why(t: Lang, reason: &str) -> &'static str {
    match reason {
        "granted" => t.why_granted(),
        "vacant" => t.why_vacant(),
        "no-meter" => t.why_no_meter(),
        "nothing" => t.why_nothing(),
        "full" => t.why_full(),
        "hoarding" => t.why_hoarding(),
        _ => t.unknown(),
    }
}

/// How a room's share came about.
#[must_use]
pub fn share(t: Lang, f: &Format, candidate: &Candidate) -> String {
    match candidate.days_left {
        0 => t.run_whole().to_owned(),
        days => t.run_days_left(days, f.kwh_plain(candidate.whole_wh)),
    }
}

/// So many rooms.
#[must_use]
pub fn rooms(t: Lang, count: &i64) -> String {
    if *count == 1 { t.run_one().to_owned() } else { t.run_count(count) }
}

/// The twelve months, January first, in short.
#[must_use]
pub fn months(t: Lang) -> Vec<String> {
    (0..12)
        .map(|month| t.written(t.axis_month_form(), date(2000, 1, 1).saturating_add(month.months()).into()))
        .collect()
}

/// What a rule says: a name and a text each. `places` names its buildings and groups.
#[must_use]
pub fn rule_lines(t: Lang, f: &Format, rule: &Rule, places: &[String]) -> Vec<(&'static str, String)> {
    let who = if places.is_empty() { t.rule_everybody().to_owned() } else { places.join(t.list_separator()) };
    let mut lines = vec![
        (t.rule_who(), who),
        (t.rule_amount(), amount(t, f, rule)),
        (t.rule_carry(), carry(t, f, rule.carry)),
        (t.rule_first(), first_month(t, rule.first_month).to_owned()),
    ];
    let calendar = &rule.calendar;
    if calendar.months_off != 0 {
        let off = months(t).into_iter().enumerate();
        let off = off.filter(|(month, _)| calendar.months_off >> month & 1 == 1).map(|(_, name)| name);
        lines.push((t.rule_months_off(), off.collect::<Vec<_>>().join(t.list_separator())));
    }
    let day = |day: i64| f.day(u16::try_from(day).unwrap_or(u16::MAX));
    lines.push((
        t.rule_dates(),
        match calendar.until_day {
            None => t.rule_dates_from(day(calendar.from_day)),
            Some(until_day) => t.rule_dates_between(day(calendar.from_day), day(until_day)),
        },
    ));
    let time = time_text(u16::try_from(calendar.minute).unwrap_or(0));
    lines.push((t.rule_when(), t.rule_on_day(calendar.day, time)));
    lines
}

fn amount(t: Lang, f: &Format, rule: &Rule) -> String {
    let mut parts = Vec::new();
    if rule.room_wh > 0 {
        parts.push(t.rule_per_room(f.kwh_plain(rule.room_wh)));
    }
    if rule.person_wh > 0 {
        parts.push(t.rule_per_person(f.kwh_plain(rule.person_wh)));
    }
    let kinds = rule.kinds.iter().map(|(kind, wh)| t.rule_per_kind(kind_name(t, *kind), f.kwh_plain(*wh)));
    parts.extend(kinds);
    parts.join(t.list_separator())
}

fn carry(t: Lang, f: &Format, carry: Carry) -> String {
    match carry {
        Carry::Keep => t.rule_carry_keep().to_owned(),
        Carry::Cap(wh) => t.rule_carry_cap(f.kwh_plain(wh)),
        Carry::Lapse => t.rule_carry_lapse().to_owned(),
    }
}

/// What a newcomer gets.
#[must_use]
pub const fn first_month(t: Lang, first: FirstMonth) -> &'static str {
    match first {
        FirstMonth::Whole => t.rule_first_whole(),
        FirstMonth::ProRata => t.rule_first_pro_rata(),
    }
}
