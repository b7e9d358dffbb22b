//! A day, a month or a year of the site, as an address names it, and its two ends.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// `2026-09-01`, a day of the calendar; years 2000 to 9998, so that every day has a next.
#[must_use]
pub fn parse_day(text: &str) -> Option<Date> {
    // A date as jiff reads it may have a time behind it.
    let text = Some(text.trim()).filter(|text| text.len() == "2026-09-01".len())?;
    let date: Date = text.parse().ok()?;
    (2000..=9998).contains(&date.year()).then_some(date)
}

/// `2026-09`, a month, as its first day.
#[must_use]
pub fn parse_month(text: &str) -> Option<Date> {
    parse_day(&format!("{}-01", text.trim()))
}

/// `2026`, a year, as its first day.
#[must_use]
pub fn parse_year(text: &str) -> Option<Date> {
    parse_day(&format!("{}-01-01", text.trim()))
}

/// The day it is at a moment.
#[must_use]
pub fn day_of(zone: &TimeZone, ms: i64) -> Date {
    zone.to_datetime(Timestamp::from_millisecond(ms).unwrap_or_default()).date()
}

/// When a day begins, in epoch milliseconds.
#[must_use]
pub fn begins_ms(zone: &TimeZone, day: Date) -> i64 {
    zone.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, Timestamp::as_millisecond)
}

/// The ends of the days from `first` until before `after`, in epoch milliseconds.
#[must_use]
pub fn ends_ms(zone: &TimeZone, first: Date, after: Date) -> (i64, i64) {
    (begins_ms(zone, first), begins_ms(zone, after))
}

/// The day after.
#[must_use]
pub fn next_day(day: Date) -> Date {
    day.saturating_add(1.day())
}

/// The first day of the month after.
#[must_use]
pub fn next_month(first: Date) -> Date {
    first.saturating_add(1.month())
}

/// The first day of the year after.
#[must_use]
pub fn next_year(first: Date) -> Date {
    first.saturating_add(1.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_sites_zone() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let day = parse_day("2026-09-01").unwrap();
        assert_eq!(
            ends_ms(&shanghai, day, next_day(day)),
            (1_788_220_800_000 - 28_800_000, 1_788_220_800_000 + 57_600_000)
        );
        assert_eq!(day_of(&shanghai, 1_788_220_800_000 - 28_800_000), day);
        assert_eq!(day_of(&shanghai, 1_788_220_800_000 - 28_800_001).day(), 31);
    }

    #[test]
    fn a_day_of_changed_clocks_has_23_hours() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = parse_day("2026-03-29").unwrap();
        let (from_ms, to_ms) = ends_ms(&berlin, day, next_day(day));
        assert_eq!(to_ms - from_ms, 23 * 3_600_000);
    }

    #[test]
    fn anything_else_is_none() {
        for wrong in ["", "today", "2026-02-30", "99999-01-01", "1999-12-31", "2026-09-01T00:00"] {
            assert_eq!(parse_day(wrong), None, "{wrong}");
        }
        assert_eq!(parse_month("2026-13"), None);
        assert_eq!(parse_month("2026-02").map(next_month), parse_day("2026-03-01"));
        assert_eq!(parse_year("2026").map(next_year), parse_day("2027-01-01"));
    }
}
