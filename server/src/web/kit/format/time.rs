//! Moments in the site's time zone, and ages in words.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use words::Lang;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A moment beyond what a calendar holds is shown as the calendar's edge.
fn zoned(zone: &TimeZone, ms: i64) -> Zoned {
    let edge = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(ms).unwrap_or(edge).to_zoned(zone.clone())
}

pub(super) fn when(lang: Lang, zone: &TimeZone, ms: i64) -> String {
    lang.written(lang.moment_form(), zoned(zone, ms).datetime())
}

pub(super) fn when_exact(lang: Lang, zone: &TimeZone, ms: i64) -> String {
    lang.written(lang.moment_exact_form(), zoned(zone, ms).datetime())
}

pub(super) fn hour(lang: Lang, zone: &TimeZone, ms: i64) -> String {
    lang.written(lang.hour_form(), zoned(zone, ms).datetime())
}

/// The day of the month that a moment falls on, without its year: for an axis.
pub(super) fn day_of(lang: Lang, zone: &TimeZone, ms: i64) -> String {
    lang.written(lang.axis_day_form(), zoned(zone, ms).datetime())
}

pub(super) fn day(lang: Lang, day: u16) -> String {
    lang.written(lang.day_form(), zoned(&TimeZone::UTC, i64::from(day) * DAY_MS).datetime())
}

pub(super) fn date(lang: Lang, date: Date) -> String {
    lang.written(lang.day_form(), date.into())
}

pub(super) fn month(lang: Lang, first: Date) -> String {
    lang.written(lang.month_form(), first.into())
}

pub(super) fn time_of_day(zone: &TimeZone, ms: i64) -> String {
    zoned(zone, ms).strftime("%H:%M").to_string()
}

pub(super) fn age(lang: Lang, age_ms: i64) -> String {
    match age_ms {
        ..5_000 => lang.just_now().to_owned(),
        5_000..MINUTE_MS => lang.seconds_ago(age_ms / 1000),
        MINUTE_MS..HOUR_MS => lang.minutes_ago(age_ms / MINUTE_MS),
        HOUR_MS..DAY_MS => lang.hours_ago(age_ms / HOUR_MS),
        _ => lang.days_ago(age_ms / DAY_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_the_sites_zone() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let ms = 1_795_251_600_000; // 2026-11-21 09:00 UTC
        assert_eq!(when(Lang::En, &shanghai, ms), "21 Nov 2026, 17:00");
        assert_eq!(when(Lang::Zh, &shanghai, ms), "2026年11月21日 17:00");
        assert_eq!(when_exact(Lang::En, &TimeZone::UTC, ms), "21 Nov 2026, 09:00:00");
    }

    #[test]
    fn ages_are_in_the_largest_whole_unit() {
        assert_eq!(age(Lang::En, -3), "just now");
        assert_eq!(age(Lang::En, 59_999), "59 s ago");
        assert_eq!(age(Lang::En, 3 * HOUR_MS + 1), "3 h ago");
        assert_eq!(age(Lang::Zh, 2 * DAY_MS), "2 天前");
    }
}
