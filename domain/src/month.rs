//! Months of the site's calendar: what free electricity and ladders go by.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month of a moment in a zone.
    #[must_use]
    pub fn of(ms: i64, zone: &TimeZone) -> Self {
        Self { first: date_of(ms, zone).first_of_month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        self.first
    }

    /// The next one; the last that the calendar knows is followed by itself.
    #[must_use]
    pub fn next(self) -> Self {
        Self { first: self.first.saturating_add(1.month()) }
    }

    /// The one before.
    #[must_use]
    pub fn before(self) -> Self {
        Self { first: self.first.saturating_sub(1.month()) }
    }

    /// January of its year.
    #[must_use]
    pub fn january(self) -> Self {
        Self { first: self.first.first_of_year() }
    }

    /// Which of the year, 0 for January.
    #[must_use]
    pub fn index(self) -> u32 {
        u32::from(self.first.month().unsigned_abs()) - 1
    }

    /// Its first instant, by the clocks of the zone.
    #[must_use]
    pub fn from_ms(self, zone: &TimeZone) -> i64 {
        instant(self.first.at(0, 0, 0, 0), zone)
    }

    /// When its day (1 to 28) and minute of the day come.
    #[must_use]
    pub fn moment_ms(self, day: i64, minute: i64, zone: &TimeZone) -> i64 {
        let date = self.first.saturating_add((day.clamp(1, 28) - 1).days());
        let part = |part: i64| i8::try_from(part).unwrap_or(0);
        let minute = minute.clamp(0, 1439);
        instant(date.at(part(minute / 60), part(minute % 60), 0, 0), zone)
    }

    /// The first instants of its days.
    #[must_use]
    pub fn days_ms(self, zone: &TimeZone) -> Vec<i64> {
        let days = i64::from(self.first.days_in_month());
        (0..days).map(|day| instant(self.first.saturating_add(day.days()).at(0, 0, 0, 0), zone)).collect()
    }
}

/// The date of a moment in a zone; a moment beyond the calendar has the calendar's edge.
#[must_use]
pub fn date_of(ms: i64, zone: &TimeZone) -> Date {
    let edge = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_datetime(Timestamp::from_millisecond(ms).unwrap_or(edge)).date()
}

/// A date as days since 1970-01-01.
#[must_use]
pub fn day_number(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

/// A time that a change of the clocks leaves out or repeats is read as the zone's rules say.
fn instant(moment: DateTime, zone: &TimeZone) -> i64 {
    zone.to_timestamp(moment).map_or(i64::MAX, Timestamp::as_millisecond)
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// The text is no month's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month")]
pub struct NotAMonth;

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let plain =
            |text: &str, len: usize| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(year, 4) || !plain(month, 2) {
            return Err(NotAMonth);
        }
        let (year, month) = (year.parse().map_err(|_| NotAMonth)?, month.parse().map_err(|_| NotAMonth)?);
        Ok(Self { first: Date::new(year, month, 1).map_err(|_| NotAMonth)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_month_begins_by_the_sites_clocks() {
        let shanghai = zone("Asia/Shanghai");
        // 2026-08-31 16:00 UTC is midnight in Shanghai.
        let september = Month::of(1_788_192_000_000, &shanghai);
        assert_eq!(september.to_string(), "2026-09");
        assert_eq!(september.from_ms(&shanghai), 1_788_192_000_000);
        assert_eq!(Month::of(1_788_191_999_999, &shanghai).to_string(), "2026-08");
        assert_eq!(september.moment_ms(2, 90, &shanghai), 1_788_192_000_000 + 24 * 3_600_000 + 90 * 60_000);
        assert_eq!(
            (september.next().to_string(), september.before().to_string()),
            ("2026-10".into(), "2026-08".into())
        );
        assert_eq!((september.index(), september.january().to_string()), (8, "2026-01".into()));
    }

    #[test]
    fn days_are_as_long_as_the_clocks_make_them() {
        let berlin = zone("Europe/Berlin");
        let days = "2026-03".parse::<Month>().unwrap().days_ms(&berlin);
        assert_eq!(days.len(), 31);
        assert_eq!(days[29] - days[28], 23 * 3_600_000, "the clocks go forward on the 29th");
        assert_eq!("2028-02".parse::<Month>().unwrap().days_ms(&berlin).len(), 29);
    }

    #[test]
    fn only_months_are_read() {
        assert_eq!("2026-09".parse::<Month>().unwrap().to_string(), "2026-09");
        for text in ["", "2026", "2026-13", "2026-00", "26-09", "2026-9", "2026-09-01", "extra:1", "+026-09"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_numbered_from_1970() {
        assert_eq!(day_number(Date::constant(1970, 1, 2)), 1);
        assert_eq!(day_number(Date::constant(2026, 9, 1)), 20_697);
    }
}
