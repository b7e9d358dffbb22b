//! Times that settings name: windows of a day on some weekdays, and ranges of dates.

use super::wire::block;
use crate::local_time::{DAY_MIN, LocalTime};

/// Mask of all seven weekdays.
pub const EVERY_DAY: u16 = 0x7F;

block! {
    /// A window of the day on some weekdays. One that ends before it begins goes on past midnight and
    /// belongs to the day on which it begins; one that ends when it begins lasts a whole day.
    Window {
        weekdays: u16, "", "Bit per weekday on which it begins, bit 0 Monday; 0 when unused";
        start_min: u16, "min", "Minute of the day at which it begins, 0 to 1439";
        end_min: u16, "min", "Minute of the day at which it has ended, 0 to 1440";
    }
}

block! {
    /// A range of dates, both ends within it.
    DayRange {
        from_day: u16, "d", "First day, days since 1970-01-01 by the site's date; 0 when unused";
        to_day: u16, "d", "Last day";
    }
}

impl Window {
    /// A window that never opens.
    pub const UNUSED: Self = Self { weekdays: 0, start_min: 0, end_min: 0 };

    pub(super) const fn is_valid(&self) -> bool {
        self.weekdays & !EVERY_DAY == 0 && self.start_min < DAY_MIN && self.end_min <= DAY_MIN
    }

    /// Whether it is open at a minute.
    #[must_use]
    pub fn holds(&self, now: LocalTime) -> bool {
        let begins_on = |day: u16| self.weekdays >> crate::local_time::weekday(day) & 1 == 1;
        let (since_start, before_end) = (now.minute >= self.start_min, now.minute < self.end_min);
        if self.start_min < self.end_min {
            return begins_on(now.day) && since_start && before_end;
        }
        let began_yesterday = now.day.checked_sub(1).is_some_and(begins_on);
        (begins_on(now.day) && since_start) || (began_yesterday && before_end)
    }
}

impl DayRange {
    /// A range without a day.
    pub const UNUSED: Self = Self { from_day: 0, to_day: 0 };

    pub(super) const fn is_valid(&self) -> bool {
        self.from_day <= self.to_day && (self.from_day != 0 || self.to_day == 0)
    }

    /// Whether the day lies in it.
    #[must_use]
    pub const fn holds(&self, day: u16) -> bool {
        self.from_day != 0 && self.from_day <= day && day <= self.to_day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u16, minute: u16) -> LocalTime {
        LocalTime { day, minute }
    }

    #[test]
    fn windows_table() {
        // Day 4 was a Monday (1970-01-05).
        const MONDAY: u16 = 4;
        let morning = Window { weekdays: 1, start_min: 60, end_min: 120 };
        let night = Window { weekdays: 1, start_min: 1320, end_min: 360 };
        let all_day = Window { weekdays: 1, start_min: 0, end_min: DAY_MIN };
        let cases = [
            (morning, at(MONDAY, 59), false),
            (morning, at(MONDAY, 60), true),
            (morning, at(MONDAY, 119), true),
            (morning, at(MONDAY, 120), false),
            (morning, at(MONDAY + 1, 60), false),
            (morning, at(MONDAY + 7, 60), true),
            (night, at(MONDAY, 1319), false),
            (night, at(MONDAY, 1320), true),
            (night, at(MONDAY + 1, 359), true),
            (night, at(MONDAY + 1, 360), false),
            (night, at(MONDAY, 10), false),
            (night, at(MONDAY + 1, 1320), false),
            (all_day, at(MONDAY, 0), true),
            (all_day, at(MONDAY, 1439), true),
            (all_day, at(MONDAY + 1, 0), false),
            (Window::UNUSED, at(MONDAY, 0), false),
            (Window { weekdays: EVERY_DAY, ..night }, at(0, 10), false),
        ];
        for (window, now, open) in cases {
            assert!(window.is_valid());
            assert_eq!(window.holds(now), open, "{window:?} {now:?}");
        }
        for wrong in [
            Window { weekdays: 0x80, ..morning },
            Window { start_min: 1440, ..morning },
            Window { end_min: 1441, ..morning },
        ] {
            assert!(!wrong.is_valid(), "{wrong:?}");
        }
    }

    #[test]
    fn ranges_hold_both_their_ends() {
        let range = DayRange { from_day: 5, to_day: 6 };
        assert_eq!([4, 5, 6, 7].map(|day| range.holds(day)), [false, true, true, false]);
        assert!(!DayRange::UNUSED.holds(0) && DayRange::UNUSED.is_valid());
        assert!(!DayRange { from_day: 6, to_day: 5 }.is_valid());
        assert!(!DayRange { from_day: 0, to_day: 5 }.is_valid());
    }
}
