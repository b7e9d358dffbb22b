//! Days and months of the site put together from quarters of an hour, which every time zone's days are made of.

use jiff::civil::Date;

use super::scope::Scope;
use crate::web::kit::format::Format;
use crate::web::kit::period::{day_of, next_day, next_month};

/// Beyond so many days, a chart shows months.
const MOST_DAYS: usize = 92;

/// A day or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Days.
    Day,
    /// Months.
    Month,
}

impl Step {
    /// What a chart of this period shows.
    #[must_use]
    pub fn for_chart(scope: &Scope) -> Self {
        if Self::Day.all(scope).len() > MOST_DAYS { Self::Month } else { Self::Day }
    }

    /// The day or month that a moment is in, by its first day.
    #[must_use]
    pub fn of(self, f: &Format, ms: i64) -> Date {
        let day = day_of(f.zone(), ms);
        if self == Self::Month { day.first_of_month() } else { day }
    }

    /// Every one of the period.
    #[must_use]
    pub fn all(self, scope: &Scope) -> Vec<Date> {
        let first = if self == Self::Month { scope.from.first_of_month() } else { scope.from };
        let next = |date: &Date| Some(if self == Self::Month { next_month(*date) } else { next_day(*date) });
        std::iter::successors(Some(first), next).take_while(|date| *date <= scope.to).collect()
    }

    /// Under an axis, and in full.
    #[must_use]
    pub fn names(self, f: &Format, date: Date) -> (String, String) {
        match self {
            Self::Day => (date.day().to_string(), f.date(date)),
            Self::Month => (date.month().to_string(), f.month(date)),
        }
    }
}
