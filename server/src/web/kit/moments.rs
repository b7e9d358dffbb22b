//! A date and a time of day as a form sends them, in the site's time zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `2026-09-01T12:30` in the zone, as epoch milliseconds; `None` for anything else. A time that a change of the clocks
/// leaves out or repeats is read as the zone's rules say.
#[must_use]
pub fn parse(text: &str, zone: &TimeZone) -> Option<i64> {
    let moment: DateTime = text.trim().parse().ok()?;
    Some(zone.to_timestamp(moment).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_one_of_the_sites_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let ms = parse("2026-09-01T08:00", &zone).unwrap();
        assert_eq!(ms, 1_788_220_800_000);
        for wrong in ["", "tomorrow", "2026-13-01T00:00", "99999-01-01T00:00"] {
            assert_eq!(parse(wrong, &zone), None, "{wrong}");
        }
    }
}
