//! Friendly hours and dates: credit never disconnects then.

use super::times::{DayRange, Window};
use super::wire::block;
use crate::local_time::LocalTime;

block! {
    /// When a household is not disconnected for want of credit.
    FriendlyTimes {
        windows: [Window; 4], "", "Friendly hours";
        dates: [DayRange; 8], "", "Friendly dates, whole days";
    }
}

impl FriendlyTimes {
    /// None, as a meter leaves the factory.
    pub const FACTORY: Self = Self { windows: [Window::UNUSED; 4], dates: [DayRange::UNUSED; 8] };

    pub(super) fn is_valid(&self) -> bool {
        self.windows.iter().all(Window::is_valid) && self.dates.iter().all(DayRange::is_valid)
    }

    /// Whether this is a friendly time. Without a clock there is none: it would never end.
    #[must_use]
    pub fn hold(&self, now: Option<LocalTime>) -> bool {
        now.is_some_and(|now| {
            self.windows.iter().any(|window| window.holds(now))
                || self.dates.iter().any(|range| range.holds(now.day))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_window_or_date_counts_and_no_clock_means_none() {
        let mut times = FriendlyTimes::FACTORY;
        let now = LocalTime { day: 100, minute: 600 };
        assert!(!times.hold(Some(now)));
        times.dates[7] = DayRange { from_day: 100, to_day: 100 };
        assert!(times.hold(Some(now)) && !times.hold(None));
        times.dates[7] = DayRange::UNUSED;
        times.windows[3] = Window { weekdays: 0x7F, start_min: 600, end_min: 601 };
        assert!(times.hold(Some(now)));
        assert!(!times.hold(Some(LocalTime { minute: 601, ..now })));
    }
}
