//! Times of day and dates as forms send them and as meters keep them.

use jiff::civil::{Date, Time};
use jiff::{ToSpan, Unit};

/// 1970-01-01, the day 0 of a meter's calendar.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// A minute of the day as `06:30`; 24:00 is the midnight that it is.
#[must_use]
pub fn time_text(minute: u16) -> String {
    let minute = minute % meter_core::local_time::DAY_MIN;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `06:30` as a minute of the day; seconds that a browser adds are cut off.
#[must_use]
pub fn parse_time(text: &str) -> Option<u16> {
    let time: Time = text.trim().parse().ok()?;
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).ok()
}

/// A day of a meter's calendar as `2026-10-01`.
#[must_use]
pub fn date_text(day: u16) -> String {
    EPOCH.checked_add(i32::from(day).days()).map_or_else(|_| String::new(), |date| date.to_string())
}

/// `2026-10-01` as a day of a meter's calendar; `None` for what is no date or before its first.
#[must_use]
pub fn parse_date(text: &str) -> Option<u16> {
    day_of(text.trim().parse().ok()?)
}

/// A date as a day of a meter's calendar; `None` before its first.
#[must_use]
pub fn day_of(date: Date) -> Option<u16> {
    let days = EPOCH.until((Unit::Day, date)).ok()?.get_days();
    u16::try_from(days).ok().filter(|day| *day > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates_read_back() {
        for (text, minute) in [("00:00", 0), ("06:30", 390), ("23:59", 1439)] {
            assert_eq!((parse_time(text), time_text(minute)), (Some(minute), text.to_owned()));
        }
        assert_eq!((time_text(1440), parse_time("06:30:59")), ("00:00".to_owned(), Some(390)));
        // `date -u -d @$((20727 * 86400)) +%F`
        assert_eq!((parse_date("2026-10-01"), date_text(20_727)), (Some(20_727), "2026-10-01".to_owned()));
        for wrong in ["", "24:00", "6 o'clock", "-1:00"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
        for wrong in ["", "2026-02-30", "1970-01-01", "1969-12-31", "2200-01-01", "yesterday"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}
