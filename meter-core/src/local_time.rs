//! The site's wall clock: day, weekday, minute and month of an instant, by the offset that the site sets.

use crate::units::UnixSeconds;

/// Minutes of a day.
pub const DAY_MIN: u16 = 1440;
const DAY_S: i64 = 86_400;
/// 1970-01-01 was a Thursday, day 3 when Monday is 0.
const FIRST_WEEKDAY: u32 = 3;

/// A minute at the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Days since 1970-01-01, by the site's date.
    pub day: u16,
    /// Minute of the day, below [`DAY_MIN`].
    pub minute: u16,
}

impl LocalTime {
    /// The site's time at an instant; held at 1970-01-01 00:00 before that.
    #[must_use]
    pub fn at(now: UnixSeconds, utc_offset_min: i16) -> Self {
        let local_s = (i64::from(now.0) + i64::from(utc_offset_min) * 60).max(0);
        // 2^32 s are under 50 000 days, so both fit.
        Self {
            day: u16::try_from(local_s / DAY_S).unwrap_or(u16::MAX),
            minute: u16::try_from(local_s % DAY_S / 60).unwrap_or(0),
        }
    }

    /// Day of the week, 0 = Monday.
    #[must_use]
    pub fn weekday(&self) -> u16 {
        weekday(self.day)
    }

    /// Months since 1970-01.
    #[must_use]
    pub fn month(&self) -> u16 {
        let (year, month, _) = self.date();
        year.saturating_sub(1970) * 12 + month - 1
    }

    /// Year, month 1..=12, day 1..=31.
    #[must_use]
    pub fn date(&self) -> (u16, u16, u16) {
        // Years that begin in March put the leap day last (H. Hinnant, "chrono-compatible low-level date
        // algorithms"); the era of 400 years that 1970 lies in covers all of u16.
        let days = u32::from(self.day) + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + u32::from(month <= 2);
        (year as u16, month as u16, day as u16)
    }
}

/// Day of the week of a day since 1970-01-01, 0 = Monday.
#[must_use]
pub fn weekday(day: u16) -> u16 {
    ((u32::from(day) + FIRST_WEEKDAY) % 7) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        // 2026-10-31 23:30:00 UTC, a Saturday; `date -u -d @1793489400`.
        let now = UnixSeconds(1_793_489_400);
        let utc = LocalTime::at(now, 0);
        assert_eq!((utc.date(), utc.weekday(), utc.minute), ((2026, 10, 31), 5, 1410));
        let east = LocalTime::at(now, 480);
        assert_eq!((east.date(), east.weekday(), east.minute), ((2026, 11, 1), 6, 450));
        assert_eq!(east.month(), utc.month() + 1);
        let west = LocalTime::at(UnixSeconds(0), -720);
        assert_eq!((west.day, west.minute, west.month()), (0, 0, 0));
    }

    #[test]
    fn every_day_of_the_range_follows_the_one_before() {
        let mut last = LocalTime { day: 0, minute: 0 }.date();
        assert_eq!(last, (1970, 1, 1));
        for day in 1..=u16::MAX {
            let date = LocalTime { day, minute: 0 }.date();
            let every = |years| date.0.is_multiple_of(years);
            let leap = every(4) && (!every(100) || every(400));
            let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let (year, month, day_of_month) = last;
            let ends = day_of_month == lengths[usize::from(month - 1)];
            let next = match (ends, month) {
                (false, _) => (year, month, day_of_month + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
            assert_eq!(date, next);
            last = date;
        }
    }
}
