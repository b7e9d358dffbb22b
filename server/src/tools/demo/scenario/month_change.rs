//! The month changes: the campus's past is put so that its present is two minutes before the next month.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::stage::{Cue, Staged, USUAL_LEAD_S};

/// How long that takes by the usual lead.
const LEAD_MS: i64 = 120_000;
/// However fast time runs, the last day has begun.
const MOST_LEAD_MS: i64 = 12 * 3_600_000;

/// Two minutes, by the usual lead, for somebody who watches before the site's next month, in site time. In a time zone whose calendar ends
/// there, now.
pub fn just_before_it(now_ms: i64, zone: &TimeZone, speed: u32, lead_s: u32) -> i64 {
    let wait_ms = LEAD_MS * i64::from(lead_s) / i64::from(USUAL_LEAD_S);
    let next_month = Timestamp::from_millisecond(now_ms).ok().and_then(|now| {
        let next = now.to_zoned(zone.clone()).date().last_of_month().tomorrow().ok()?;
        Some(next.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    });
    next_month
        .map_or(now_ms, |begins_ms| begins_ms - wait_ms.saturating_mul(speed.into()).clamp(1, MOST_LEAD_MS))
}

pub(super) fn staged(lead_s: u32) -> Staged {
    let wait_s = u64::from(lead_s) * 120 / u64::from(USUAL_LEAD_S);
    Staged {
        place: "the month's change".to_owned(),
        path: "/allowances".to_owned(),
        watch: format!(
            "at midnight, about {wait_s} s from now, what was used is billed (Books), and a minute later the new month's \
            free electricity is granted by itself, room by room."
        ),
        cue: Cue::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_last_day_wherever_the_site_is_and_however_fast_time_runs() {
        let day_ms = 24 * 3_600_000;
        for name in ["Asia/Shanghai", "UTC", "Pacific/Apia", "America/New_York"] {
            let zone = TimeZone::get(name).unwrap();
            for now_ms in (0..400).map(|day| 1_788_220_800_000 + day * day_ms + day * 1_234_567) {
                for speed in [1, 60, u32::MAX] {
                    let set_ms = just_before_it(now_ms, &zone, speed, USUAL_LEAD_S);
                    let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap().to_zoned(zone.clone()).date();
                    assert_eq!(at(set_ms).last_of_month(), at(set_ms), "{name} {now_ms} {speed}");
                    assert_eq!(at(set_ms).month(), at(now_ms).month());
                    assert_eq!(at(set_ms + MOST_LEAD_MS + 1).day(), 1);
                }
            }
        }
    }
}
