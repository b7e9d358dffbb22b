//! What a household used hour by hour, and how long its credit lasts at that rate: from readings of its running meter.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::readings::Reading;

/// Hours in the chart.
pub const HOURS: usize = 48;
/// How far back the forecast looks, in days.
pub const FORECAST_DAYS: i64 = 7;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A forecast from less would be a guess.
const LEAST_SPAN_MS: i64 = 6 * HOUR_MS;

/// An hour and what was used in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Its beginning.
    pub from_ms: i64,
    /// `None` when the readings don't cover it.
    pub used_wh: Option<i64>,
}

/// The last [`HOURS`] hours that have ended, or are under way, at `now_ms`, the oldest first; hours of the zone's clock.
#[must_use]
pub fn hours(readings: &[Reading], zone: &TimeZone, now_ms: i64) -> Vec<Hour> {
    let end_ms = hour_start(zone, now_ms) + HOUR_MS;
    let start_ms = end_ms - HOURS as i64 * HOUR_MS;
    let hour = |index| {
        let from_ms = start_ms + index * HOUR_MS;
        // The hour under way ends where the readings do.
        let last_ms = readings.last().map_or(from_ms, |reading| reading.at_ms);
        let to_ms = (from_ms + HOUR_MS).min(last_ms);
        Hour { from_ms, used_wh: if to_ms > from_ms { used(readings, from_ms, to_ms) } else { None } }
    };
    (0..HOURS as i64).map(hour).collect()
}

/// Zones with half hours begin their hours between ours.
fn hour_start(zone: &TimeZone, ms: i64) -> i64 {
    let offset_ms = Timestamp::from_millisecond(ms)
        .map_or(0, |moment| i64::from(zone.to_offset(moment).seconds()) * 1000);
    (ms + offset_ms).div_euclid(HOUR_MS) * HOUR_MS - offset_ms
}

/// `None` when the readings don't reach from one end to the other, or the meter ran backwards: it was exchanged.
fn used(readings: &[Reading], from_ms: i64, to_ms: i64) -> Option<i64> {
    let used = total_at(readings, to_ms)? - total_at(readings, from_ms)?;
    (used >= 0).then_some(used)
}

/// The running meter at a moment, on the straight line between the readings around it.
fn total_at(readings: &[Reading], at_ms: i64) -> Option<i64> {
    let after = readings.partition_point(|reading| reading.at_ms < at_ms);
    let right = readings.get(after)?;
    if right.at_ms == at_ms {
        return Some(right.energy_total_wh);
    }
    let left = readings.get(after.checked_sub(1)?)?;
    let part = i128::from(at_ms - left.at_ms) * i128::from(right.energy_total_wh - left.energy_total_wh);
    let step = part / i128::from(right.at_ms - left.at_ms);
    Some(left.energy_total_wh + i64::try_from(step).ok()?)
}

/// Whole days that the credit lasts at the average of the readings; `None` without enough of them or without use.
#[must_use]
pub fn days_left(readings: &[Reading], remaining_wh: i64) -> Option<i64> {
    let (first, last) = (readings.first()?, readings.last()?);
    let (span_ms, used_wh) = (last.at_ms - first.at_ms, last.energy_total_wh - first.energy_total_wh);
    if span_ms < LEAST_SPAN_MS || used_wh <= 0 {
        return None;
    }
    let left_ms = i128::from(remaining_wh.max(0)) * i128::from(span_ms) / i128::from(used_wh);
    i64::try_from(left_ms / i128::from(DAY_MS)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_MS: i64 = 1_788_220_800_000; // 2026-09-01 00:00 UTC

    fn reading(hours: i64, total_wh: i64) -> Reading {
        Reading { at_ms: START_MS + hours * HOUR_MS, energy_total_wh: total_wh, power_mw: 0 }
    }

    #[test]
    fn hours_between_two_readings_share_what_was_used() {
        let readings = [reading(0, 1_000), reading(2, 1_600), reading(3, 1_700)];
        let hours = hours(&readings, &TimeZone::UTC, START_MS + 3 * HOUR_MS + 1);
        assert_eq!(hours.len(), HOURS);
        let last: Vec<_> = hours.iter().rev().take(5).map(|hour| hour.used_wh).collect();
        assert_eq!(last, [None, Some(100), Some(300), Some(300), None]);
        assert_eq!(hours[HOURS - 1].from_ms, START_MS + 3 * HOUR_MS);
    }

    #[test]
    fn an_exchanged_meter_shows_no_negative_bar() {
        let readings = [reading(0, 5_000), reading(1, 10)];
        let hours = hours(&readings, &TimeZone::UTC, START_MS + HOUR_MS);
        assert!(hours.iter().all(|hour| hour.used_wh.is_none()));
    }

    #[test]
    fn half_hour_zones_have_hours_of_their_own() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let hours = hours(&[], &kolkata, START_MS + 5);
        assert_eq!(hours[HOURS - 1].from_ms, START_MS - HOUR_MS / 2);
    }

    #[test]
    fn credit_lasts_as_long_as_the_average_says() {
        let readings = [reading(0, 0), reading(48, 4_000)];
        assert_eq!(days_left(&readings, 10_000), Some(5));
        assert_eq!(days_left(&readings, -3), Some(0));
        assert_eq!(days_left(&readings[..1], 10_000), None);
        assert_eq!(days_left(&[reading(0, 7), reading(48, 7)], 10_000), None);
        assert_eq!(days_left(&[reading(0, 0), reading(1, 9)], 10_000), None);
    }
}
