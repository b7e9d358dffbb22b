//! What a household used hour by hour or day by day, and how long its credit lasts at that rate.

use crate::store::meters::hourly::HourTotal;
use crate::store::meters::readings::Reading;

/// How far back the forecast looks, in days.
pub const FORECAST_DAYS: i64 = 7;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A forecast from less would be a guess.
const LEAST_SPAN_MS: i64 = 6 * HOUR_MS;
/// Between totals further apart nobody knows when the energy was used.
const LONGEST_GAP_MS: i64 = 2 * HOUR_MS;

/// An hour or a day, and what was used in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its beginning.
    pub from_ms: i64,
    /// `None` when nothing is known of it.
    pub used_wh: Option<i64>,
    /// It is over, totals from before it are there, and yet nothing is known of it.
    pub missing: bool,
}

/// The running meter at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// When.
    pub at_ms: i64,
    /// In Wh.
    pub energy_wh: i64,
}

/// What is known of a running meter: its own hourly totals, and what was read in between.
#[must_use]
pub fn totals(hours: &[HourTotal], readings: &[Reading]) -> Vec<Total> {
    let hours = hours.iter().map(|hour| Total { at_ms: hour.at_ms, energy_wh: hour.energy_total_wh });
    let read = readings.iter().map(|one| Total { at_ms: one.at_ms, energy_wh: one.energy_total_wh });
    let mut totals: Vec<_> = hours.chain(read).collect();
    // Stable: at the same moment the meter's own comes first, and counts.
    totals.sort_by_key(|total| total.at_ms);
    totals.dedup_by_key(|total| total.at_ms);
    totals
}

/// What was used between each two of `edges`, the oldest first.
#[must_use]
pub fn slots(totals: &[Total], edges: &[i64], now_ms: i64) -> Vec<Slot> {
    let (first_ms, last_ms) = match (totals.first(), totals.last()) {
        (Some(first), Some(last)) => (first.at_ms, last.at_ms),
        _ => (i64::MAX, i64::MIN),
    };
    let slot = |pair: &[i64]| {
        let (from_ms, end_ms) = (*pair.first()?, *pair.last()?);
        // The one under way ends where the totals do.
        let to_ms = if end_ms > now_ms { end_ms.min(last_ms) } else { end_ms };
        // The first begins where they do.
        let known_from_ms = from_ms.max(first_ms);
        let used_wh = if to_ms > known_from_ms { used(totals, known_from_ms, to_ms) } else { None };
        let missing = used_wh.is_none() && end_ms <= now_ms && end_ms > first_ms;
        Some(Slot { from_ms, used_wh, missing })
    };
    edges.windows(2).filter_map(slot).collect()
}

/// `None` when the totals don't reach from one end to the other, or the meter ran backwards: it was exchanged.
fn used(totals: &[Total], from_ms: i64, to_ms: i64) -> Option<i64> {
    let used = total_at(totals, to_ms)?.checked_sub(total_at(totals, from_ms)?)?;
    (used >= 0).then_some(used)
}

/// The running meter at a moment, on the straight line between the totals around it.
fn total_at(totals: &[Total], at_ms: i64) -> Option<i64> {
    let after = totals.partition_point(|total| total.at_ms < at_ms);
    let right = totals.get(after)?;
    if right.at_ms == at_ms {
        return Some(right.energy_wh);
    }
    let left = totals.get(after.checked_sub(1)?)?;
    if right.at_ms - left.at_ms > LONGEST_GAP_MS {
        return None;
    }
    let part = i128::from(at_ms - left.at_ms) * (i128::from(right.energy_wh) - i128::from(left.energy_wh));
    let step = part / i128::from(right.at_ms - left.at_ms);
    Some(left.energy_wh + i64::try_from(step).ok()?)
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

    fn known(totals: &[(i64, i64)]) -> Vec<Total> {
        totals
            .iter()
            .map(|(hours, energy_wh)| Total { at_ms: START_MS + hours * HOUR_MS, energy_wh: *energy_wh })
            .collect()
    }

    /// What was used in each hour from the start to `hours` later, a little after that.
    fn by_hour(totals: &[Total], hours: i64) -> Vec<Option<i64>> {
        let edges: Vec<_> = (0..=hours + 1).map(|hour| START_MS + hour * HOUR_MS).collect();
        let slots = slots(totals, &edges, START_MS + hours * HOUR_MS + 1);
        slots.iter().map(|slot| slot.used_wh).collect()
    }

    #[test]
    fn hours_between_two_totals_share_what_was_used() {
        let totals = known(&[(0, 1_000), (2, 1_600), (3, 1_700)]);
        assert_eq!(by_hour(&totals, 3), [Some(300), Some(300), Some(100), None]);
    }

    #[test]
    fn what_is_not_known_is_missing_and_not_zero() {
        let totals = known(&[(2, 1_000), (3, 1_200), (6, 1_800), (7, 1_900)]);
        let edges: Vec<_> = (0..=8).map(|hour| START_MS + hour * HOUR_MS).collect();
        let slots = slots(&totals, &edges, START_MS + 7 * HOUR_MS + 1);
        let used: Vec<_> = slots.iter().map(|slot| slot.used_wh).collect();
        assert_eq!(used, [None, None, Some(200), None, None, None, Some(100), None]);
        let missing: Vec<_> = slots.iter().map(|slot| slot.missing).collect();
        let none_yet = [false, false, false];
        assert_eq!(missing[..3], none_yet, "before the first total there was nothing to be known");
        assert_eq!(missing[3..], [true, true, true, false, false]);
        // Of a day that began before the first total, the rest is known.
        assert_eq!(
            super::slots(&totals, &[START_MS, START_MS + 3 * HOUR_MS], i64::MAX)[0].used_wh,
            Some(200)
        );
        // The day's total is known all the same: its ends are.
        let day = [START_MS + 2 * HOUR_MS, START_MS + 7 * HOUR_MS];
        assert_eq!(super::slots(&totals, &day, i64::MAX)[0].used_wh, Some(900));
    }

    #[test]
    fn the_meters_own_hours_count_before_readings() {
        let hours = [HourTotal { at_ms: START_MS, energy_total_wh: 10 }];
        let totals = totals(&hours, &[reading(0, 11), reading(1, 30)]);
        assert_eq!(totals, known(&[(0, 10), (1, 30)]));
    }

    #[test]
    fn an_exchanged_meter_shows_no_negative_bar() {
        assert_eq!(by_hour(&known(&[(0, 5_000), (1, 10)]), 1), [None, None]);
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
