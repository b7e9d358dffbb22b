//! Days of the site's calendar, as forms send them and as the books count them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// `2026-09-01`; `None` for anything else.
pub(super) fn parse_day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

/// The day of a moment.
pub(super) fn day_of(zone: &TimeZone, ms: i64) -> Date {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

/// When a day begins, as epoch milliseconds.
pub(super) fn start_ms(zone: &TimeZone, day: Date) -> i64 {
    day.to_zoned(zone.clone()).map_or(i64::MAX, |start| start.timestamp().as_millisecond())
}

/// The day after; the calendar's last stays the last.
pub(super) fn after(day: Date) -> Date {
    day.saturating_add(1.day())
}

/// The first and last day of the month that lies `back` months before a day's.
pub(super) fn month(day: Date, back: i32) -> (Date, Date) {
    let then = day.saturating_sub(back.months());
    (then.first_of_month(), then.last_of_month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_sites() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let day = day_of(&shanghai, 1_788_220_800_000 - 1);
        assert_eq!(day.to_string(), "2026-09-01");
        assert_eq!(start_ms(&shanghai, day), 1_788_220_800_000 - 8 * 3_600_000);
        assert_eq!(after(day).to_string(), "2026-09-02");
        assert_eq!(parse_day("2026-02-30"), None);
    }

    #[test]
    fn the_month_before_march_is_february() {
        let (first, last) = month(parse_day("2026-03-31").unwrap(), 1);
        assert_eq!((first.to_string(), last.to_string()), ("2026-02-01".into(), "2026-02-28".into()));
    }

    #[test]
    fn the_edges_of_the_calendar_do_not_panic() {
        for day in [Date::MIN, Date::MAX] {
            let _ = (after(day), month(day, 1), start_ms(&TimeZone::UTC, day));
        }
    }
}
