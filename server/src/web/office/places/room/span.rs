//! The spans of time that a room's consumption is shown for, and their hours or days by the site's clock.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use words::Lang;

/// An hour, in ms.
pub const HOUR_MS: i64 = 3_600_000;

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The hours since midnight.
    Today,
    /// The last two days by the hour.
    #[default]
    Hours,
    /// The last week by the day, today with it.
    Week,
    /// The last thirty days, today with them.
    Month,
}

impl Span {
    /// Every span, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Today, Self::Hours, Self::Week, Self::Month];

    /// As in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Hours => "48h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// Of that code; the usual one for any other.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|span| span.code() == code).unwrap_or_default()
    }

    /// Its name.
    #[must_use]
    pub const fn title(self, t: Lang) -> &'static str {
        match self {
            Self::Today => t.span_today(),
            Self::Hours => t.span_hours(),
            Self::Week => t.span_week(),
            Self::Month => t.span_month(),
        }
    }

    /// Whether a bar is a day.
    #[must_use]
    pub const fn by_day(self) -> bool {
        matches!(self, Self::Week | Self::Month)
    }

    /// A label under every so many bars.
    #[must_use]
    pub const fn label_every(self) -> usize {
        match self {
            Self::Today => 6,
            Self::Hours => 12,
            Self::Week => 1,
            Self::Month => 7,
        }
    }

    /// Beginnings of its hours or days at `now_ms` and the end of the last, the oldest first.
    #[must_use]
    pub fn edges(self, zone: &TimeZone, now_ms: i64) -> Vec<i64> {
        let end_ms = hour_start(zone, now_ms) + HOUR_MS;
        match self {
            Self::Today => {
                let midnight_ms = midnight(zone, now_ms, 0).unwrap_or(end_ms - 24 * HOUR_MS);
                steps(midnight_ms, end_ms)
            }
            Self::Hours => steps(end_ms - 48 * HOUR_MS, end_ms),
            Self::Week => (-6..=1).filter_map(|day| midnight(zone, now_ms, day)).collect(),
            Self::Month => (-29..=1).filter_map(|day| midnight(zone, now_ms, day)).collect(),
        }
    }
}

fn steps(from_ms: i64, end_ms: i64) -> Vec<i64> {
    let hours = (end_ms - from_ms) / HOUR_MS;
    (0..=hours).map(|hour| end_ms - (hours - hour) * HOUR_MS).collect()
}

/// Zones with half hours begin their hours between ours.
fn hour_start(zone: &TimeZone, ms: i64) -> i64 {
    let offset_ms = Timestamp::from_millisecond(ms)
        .map_or(0, |moment| i64::from(zone.to_offset(moment).seconds()) * 1000);
    (ms + offset_ms).div_euclid(HOUR_MS) * HOUR_MS - offset_ms
}

/// When the site's day begins that is so many days after the one at `ms`; days may have 23 or 25 hours.
fn midnight(zone: &TimeZone, ms: i64, days: i64) -> Option<i64> {
    let date = Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone()).date();
    let day = date.checked_add(days.days()).ok()?.to_zoned(zone.clone()).ok()?;
    Some(day.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_MS: i64 = 1_788_220_800_000; // 2026-09-01 00:00 UTC

    #[test]
    fn a_span_reads_back() {
        assert_eq!(Span::ALL.map(|span| Span::parse(span.code())), Span::ALL);
        assert_eq!(Span::parse("year"), Span::Hours);
    }

    #[test]
    fn half_hour_zones_have_hours_of_their_own() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let edges = Span::Hours.edges(&kolkata, START_MS + 5);
        assert_eq!((edges.len(), edges[48]), (49, START_MS + HOUR_MS / 2));
        let today = Span::Today.edges(&kolkata, START_MS);
        assert_eq!((today[0], today.len()), (START_MS - 11 * HOUR_MS / 2, 7));
    }

    #[test]
    fn days_begin_at_the_sites_midnight_also_when_clocks_change() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // Noon of 2026-10-27, two days after the clocks were put back.
        let edges = Span::Week.edges(&berlin, 1_793_098_800_000);
        let lengths: Vec<_> = edges.windows(2).map(|pair| (pair[1] - pair[0]) / HOUR_MS).collect();
        assert_eq!(lengths, [24, 24, 24, 24, 25, 24, 24]);
        assert_eq!(Span::Month.edges(&berlin, START_MS).len(), 31);
    }
}
