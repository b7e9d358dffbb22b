//! Fetching the load profile: the totals at each full hour since the latest that was asked for.

use meter_core::envelope::HOUSEHOLDS;
use meter_core::journal::PROFILE_HOURS;
use meter_core::journal::profile::whole_total_wh;
use meter_core::registers::{READING_BLOCK_LEN, ReadingState, decode_reading, reading_address};

use super::planner::clock_drift_s;
use super::session::Session;
use super::snapshot::Snapshot;
use crate::field::bus::Bus;
use crate::field::history::Allowance;
use crate::field::met::{Halt, Met};
use crate::field::trouble;
use crate::store::meters::hourly::NewHour;

const HOUR_S: i64 = 3600;
/// Hours that one read gives: as many as 125 registers hold.
const HOURS_A_READ: i64 = 125 / READING_BLOCK_LEN as i64;
const RING: i64 = PROFILE_HOURS as i64;

impl Session<'_> {
    /// Fetches the hours that have become full since, the oldest first. While the meter's clock is unknown or wrong
    /// nothing is asked: what it shows as the hour may not be.
    pub(super) async fn fetch_hours(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        allowance: &mut Allowance<'_>,
    ) -> Result<(), Halt> {
        let header = &met.seen.header;
        let drift_s = clock_drift_s(header, met.read_ms.div_euclid(1000));
        if drift_s.is_none_or(|drift_s| drift_s.abs() > self.shared.clock_tolerance_s) {
            return Ok(());
        }
        let latest = i64::from(header.clock_s) / HOUR_S;
        let asked = met.remembered.hour_ms.div_euclid(HOUR_S * 1000);
        let mut next = (asked + 1).max(latest - (RING - 1));
        while next <= latest && allowance.take() {
            let count = batch(next, latest);
            let Ok(at_s) = u32::try_from(next * HOUR_S) else { return Ok(()) };
            let words = bus.read(reading_address(at_s), READING_BLOCK_LEN * count as u16).await?;
            for (hour, block) in (next..).zip(words.chunks(usize::from(READING_BLOCK_LEN))) {
                let reading = decode_reading(block).ok_or(trouble::NOT_A_BLOCK)?;
                if i64::from(reading.at_s) == hour * HOUR_S {
                    let now_wh = met.seen.households.map(|state| state.energy_total_wh);
                    met.history.hours.extend(totals(now_wh, &reading));
                }
            }
            next += count;
            met.remembered.hour_ms = (next - 1) * HOUR_S * 1000;
        }
        Ok(())
    }
}

/// How many hours from `next` on one read can give: to the end of the ring, or to the latest.
fn batch(next: i64, latest: i64) -> i64 {
    HOURS_A_READ.min(RING - next.rem_euclid(RING)).min(latest - next + 1)
}

/// The whole totals of a reading, from what they are now. `None` if one of them was more than it is now: that reading is
/// from before the meter lost its memory.
fn totals(now_wh: [u64; HOUSEHOLDS], reading: &ReadingState) -> Option<NewHour> {
    let mut totals_wh = [0; HOUSEHOLDS];
    let found = now_wh.into_iter().zip(&reading.totals_wh);
    for (total_wh, (now_wh, low)) in totals_wh.iter_mut().zip(found) {
        if now_wh < u64::from(u32::MAX) && u64::from(*low) > now_wh {
            return None;
        }
        *total_wh = i64::try_from(whole_total_wh(*low, now_wh)).unwrap_or(i64::MAX);
    }
    Some(NewHour { at_ms: i64::from(reading.at_s) * 1000, totals_wh: totals_wh.to_vec() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_read_ends_where_the_ring_or_the_hours_do() {
        assert_eq!(batch(960, 960), 1);
        assert_eq!(batch(960, 2000), 5);
        assert_eq!(batch(957, 2000), 3);
    }

    proptest! {
        #[test]
        fn any_registers_are_totals_below_todays_or_none(
            words in proptest::collection::vec(any::<u16>(), 0..=50),
            now_wh in any::<[u64; HOUSEHOLDS]>(),
        ) {
            let Some(reading) = decode_reading(&words) else {
                prop_assert_ne!(words.len(), usize::from(READING_BLOCK_LEN));
                return Ok(());
            };
            if let Some(hour) = totals(now_wh, &reading) {
                for (total_wh, now_wh) in hour.totals_wh.into_iter().zip(now_wh) {
                    prop_assert!(total_wh >= 0 && u64::try_from(total_wh).unwrap() <= now_wh);
                }
            }
        }

        #[test]
        fn a_total_of_the_last_four_billion_is_found_again(now_wh in any::<u64>(), back_wh in any::<u32>()) {
            let then_wh = now_wh.saturating_sub(back_wh.into());
            let reading = ReadingState { at_s: 3600, totals_wh: [then_wh as u32; HOUSEHOLDS] };
            let found = totals([now_wh; HOUSEHOLDS], &reading).unwrap().totals_wh[0];
            prop_assert_eq!(found, i64::try_from(then_wh).unwrap_or(i64::MAX));
        }
    }
}
