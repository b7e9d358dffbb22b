//! What every meter of the site shall hold: the local time, the rest days, the calendar.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use meter_core::settings::{CalendarHalf, DayType, MeterBlock, SiteSettings};

use crate::store::meters::field::SiteDays;

/// Dated exceptions of half a calendar.
const HALF: usize = 10;

/// Local time less UTC at `now_ms`, in minutes: another one once daylight saving begins or ends. `None` for a zone that
/// this program does not know.
pub(super) fn utc_offset_min(time_zone: &str, now_ms: i64) -> Option<i16> {
    let zone = TimeZone::get(time_zone).ok()?;
    let now = Timestamp::from_millisecond(now_ms).ok()?;
    i16::try_from(zone.to_offset(now).seconds().div_euclid(60)).ok()
}

/// The blocks that a meter of that build shall hold: what belongs to it alone is left as it is.
pub(super) fn wanted(site: &SiteDays, utc_offset_min: i16, build: SiteSettings) -> Vec<MeterBlock> {
    let rest_weekdays = u16::try_from(site.rest_weekdays).unwrap_or(build.rest_weekdays);
    let settings = MeterBlock::Site(SiteSettings { utc_offset_min, rest_weekdays, ..build });
    let days: Vec<(u16, u16, DayType)> =
        site.days.iter().map(|days| (days.from_day, days.to_day, days.kind.0)).collect();
    let (first, second) = days.split_at(days.len().min(HALF));
    let halves = (0..).zip([first, second]);
    let calendar =
        halves.filter_map(|(half, days)| Some(MeterBlock::Calendar(half, CalendarHalf::new(days)?)));
    std::iter::once(settings).chain(calendar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::settings::{CalendarDays, DayKind};

    #[test]
    fn the_offset_follows_daylight_saving() {
        // The clocks of Berlin went back on 2026-10-25 at 01:00 UTC.
        let change_ms = 1_792_890_000_000;
        assert_eq!(utc_offset_min("Europe/Berlin", change_ms - 1), Some(120));
        assert_eq!(utc_offset_min("Europe/Berlin", change_ms), Some(60));
        assert_eq!(utc_offset_min("Asia/Shanghai", change_ms), Some(480));
        assert_eq!(utc_offset_min("America/St_Johns", change_ms), Some(-150));
        assert_eq!(utc_offset_min("Nowhere/Town", change_ms), None);
    }

    #[test]
    fn exceptions_fill_the_halves_in_order_and_the_build_is_left_alone() {
        let days = |day| CalendarDays { from_day: day, to_day: day, kind: DayKind(DayType::Holiday) };
        let site = SiteDays {
            time_zone: "Asia/Shanghai".into(),
            rest_weekdays: 64,
            days: (1..=12).map(days).collect(),
        };
        let held = SiteSettings { second_loops: 5, rotation_s: 9, ..SiteSettings::FACTORY };
        let blocks = wanted(&site, 480, held);
        let [MeterBlock::Site(settings), MeterBlock::Calendar(0, first), MeterBlock::Calendar(1, second)] =
            blocks[..]
        else {
            panic!("{blocks:?}")
        };
        assert_eq!(settings, SiteSettings { utc_offset_min: 480, rest_weekdays: 64, ..held });
        assert_eq!((first.day_type(10), second.day_type(10)), (Some(DayType::Holiday), None));
        assert_eq!((first.day_type(11), second.day_type(12)), (None, Some(DayType::Holiday)));
    }
}
