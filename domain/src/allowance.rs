//! Rules of free electricity: who gets how much each month, when, and what becomes of the rest.

use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::UnknownWord;
use crate::month::{Month, date_of, day_number};

/// The most that one rule gives a room or a person a month, in Wh: beyond it a typing error is likelier.
pub const MAX_ALLOWANCE_WH: i64 = 1_000_000;

/// What a resident is, for allowances by person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResidentKind {
    /// Studies for a first degree.
    Undergraduate,
    /// Studies for a further one.
    Postgraduate,
    /// Works here.
    Staff,
    /// Anybody else, and whoever was never asked.
    #[default]
    Other,
}

impl ResidentKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Undergraduate, Self::Postgraduate, Self::Staff, Self::Other];

    /// As stored and as forms send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undergraduate => "undergraduate",
            Self::Postgraduate => "postgraduate",
            Self::Staff => "staff",
            Self::Other => "other",
        }
    }
}

impl FromStr for ResidentKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.ok_or_else(|| UnknownWord::new("kind of resident", text))
    }
}

impl Serialize for ResidentKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What becomes of free electricity that is left when the next month's is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "carry", content = "wh", rename_all = "lowercase")]
pub enum Carry {
    /// It stays.
    Keep,
    /// So many Wh of it stay.
    Cap(i64),
    /// It lapses.
    Lapse,
}

impl Carry {
    /// As stored: its name and its Wh.
    #[must_use]
    pub const fn stored(self) -> (&'static str, i64) {
        match self {
            Self::Keep => ("keep", 0),
            Self::Cap(wh) => ("cap", wh),
            Self::Lapse => ("lapse", 0),
        }
    }

    /// As it was stored.
    ///
    /// # Errors
    /// [`UnknownWord`].
    pub fn read(name: &str, wh: i64) -> Result<Self, UnknownWord> {
        match name {
            "keep" => Ok(Self::Keep),
            "cap" => Ok(Self::Cap(wh)),
            "lapse" => Ok(Self::Lapse),
            _ => Err(UnknownWord::new("carry-over", name)),
        }
    }

    /// How much lapses of what is left, in Wh.
    #[must_use]
    pub fn lapses_wh(self, left_wh: i64) -> i64 {
        match self {
            Self::Keep => 0,
            Self::Cap(wh) => (left_wh - wh).max(0),
            Self::Lapse => left_wh.max(0),
        }
    }
}

/// What somebody gets who moves in while the month runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstMonth {
    /// All of it.
    Whole,
    /// For the days that are left, the first one included.
    ProRata,
}

impl FirstMonth {
    /// As stored and as forms send it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::ProRata => "pro-rata",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Whole, Self::ProRata].into_iter().find(|first| first.as_str() == text)
    }
}

/// When a rule grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// The first day of the rule, days since 1970-01-01 by the site's date.
    pub from_day: i64,
    /// The last, if it has one.
    pub until_day: Option<i64>,
    /// Bit per month without an allowance, bit 0 January.
    pub months_off: u32,
    /// Day of the month, 1 to 28.
    pub day: i64,
    /// Minute of the day.
    pub minute: i64,
}

impl Calendar {
    /// When the month's is due.
    #[must_use]
    pub fn due_ms(&self, month: Month, zone: &TimeZone) -> i64 {
        month.moment_ms(self.day, self.minute, zone)
    }

    /// Whether the month has an allowance at all.
    #[must_use]
    pub fn has(&self, month: Month, zone: &TimeZone) -> bool {
        let day = day_number(date_of(self.due_ms(month, zone), zone));
        let within = day >= self.from_day && self.until_day.is_none_or(|until_day| day <= until_day);
        within && self.months_off >> month.index() & 1 == 0
    }

    /// The next time that it is due at or after a moment, within two years.
    #[must_use]
    pub fn next_due_ms(&self, now_ms: i64, zone: &TimeZone) -> Option<i64> {
        let mut month = Month::of(now_ms, zone);
        let first = date_of(now_ms, zone);
        if self.from_day > day_number(first) {
            month = Month::of(self.from_day.saturating_mul(86_400_000), &TimeZone::UTC);
        }
        for _ in 0..25 {
            if self.has(month, zone) && self.due_ms(month, zone) >= now_ms {
                return Some(self.due_ms(month, zone));
            }
            month = month.next();
        }
        None
    }
}

/// What of a month's allowance is for `days_left` of its `days`: to the nearest Wh, halves up.
#[must_use]
pub fn pro_rata_wh(whole_wh: i64, days_left: i64, days: i64) -> i64 {
    (whole_wh * 2 * days_left + days) / (2 * days)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        Calendar { from_day: 20_697, until_day: None, months_off: 1 << 1 | 1 << 6, day: 1, minute: 30 }
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn months_off_and_dates_have_no_allowance() {
        let zone = TimeZone::UTC;
        assert!(calendar().has(month("2026-09"), &zone), "from the very first day");
        assert!(!calendar().has(month("2026-08"), &zone), "before it");
        assert!(!calendar().has(month("2027-02"), &zone) && !calendar().has(month("2027-07"), &zone));
        let ended = Calendar { until_day: Some(20_726), ..calendar() };
        assert!(!ended.has(month("2026-10"), &zone));
    }

    #[test]
    fn the_next_time_skips_what_has_none() {
        let zone = TimeZone::UTC;
        let at = |text: &str| calendar().due_ms(month(text), &zone);
        assert_eq!(calendar().next_due_ms(at("2026-09"), &zone), Some(at("2026-09")));
        assert_eq!(calendar().next_due_ms(at("2026-09") + 1, &zone), Some(at("2026-10")));
        assert_eq!(calendar().next_due_ms(at("2027-01") + 1, &zone), Some(at("2027-03")));
        assert_eq!(calendar().next_due_ms(0, &zone), Some(at("2026-09")), "long before the first day");
        assert_eq!(Calendar { months_off: 4095, ..calendar() }.next_due_ms(0, &zone), None);
    }

    proptest! {
        #[test]
        fn a_first_month_is_between_nothing_and_all(whole in 0..1_000_000_i64, days in 28..=31_i64, left in 1..=31_i64) {
            let left = left.min(days);
            let part = pro_rata_wh(whole, left, days);
            prop_assert!((0..=whole).contains(&part));
            prop_assert!((part * days - whole * left).abs() * 2 <= days);
            prop_assert_eq!(pro_rata_wh(whole, days, days), whole);
        }

        #[test]
        fn what_lapses_and_what_stays_is_what_was_left(left in 0..1_000_000_i64, cap in 0..1_000_000_i64) {
            prop_assert_eq!(Carry::Keep.lapses_wh(left), 0);
            prop_assert_eq!(Carry::Lapse.lapses_wh(left), left);
            let lapses = Carry::Cap(cap).lapses_wh(left);
            prop_assert!(lapses >= 0 && left - lapses == left.min(cap));
            prop_assert_eq!(Carry::Lapse.lapses_wh(-left), 0);
        }
    }
}
