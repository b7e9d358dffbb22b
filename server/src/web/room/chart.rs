//! The chart of the last 48 hours as SVG: a bar an hour, an axis with its unit, words for those who don't see it.

use crate::web::format::Format;
use crate::web::i18n::Lang;
use crate::web::room::consumption::Hour;

/// Size of the drawing, in its own units.
const WIDTH: i64 = 640;
const TOP: i64 = 24;
const BOTTOM: i64 = 190;
const LEFT: i64 = 52;
const RIGHT: i64 = 632;
/// A label under every so many hours.
const LABEL_HOURS: usize = 12;

/// What the template draws.
pub struct Chart {
    /// For screen readers: what it is.
    pub title: String,
    /// For screen readers: what it says.
    pub summary: String,
    /// A bar an hour.
    pub bars: Vec<Bar>,
    /// Lines across, with their value.
    pub lines: Vec<Mark>,
    /// Moments under the axis.
    pub moments: Vec<Mark>,
}

/// A bar.
pub struct Bar {
    /// Left edge.
    pub x: i64,
    /// Top edge.
    pub y: i64,
    /// Width.
    pub width: i64,
    /// Height.
    pub height: i64,
    /// The hour and its value, when pointed at.
    pub label: String,
}

/// A value at a place of an axis.
pub struct Mark {
    /// The place.
    pub at: i64,
    /// The value.
    pub label: String,
}

impl Chart {
    /// `None` when no hour has a value.
    #[must_use]
    pub fn draw(t: Lang, f: &Format, room: &str, hours: &[Hour]) -> Option<Self> {
        let used = || hours.iter().filter_map(|hour| Some((hour.from_ms, hour.used_wh?)));
        let (peak_ms, peak_wh) = used().max_by_key(|(_, wh)| *wh)?;
        let total_wh: i64 = used().map(|(_, wh)| wh).sum();
        let top_wh = nice_ceiling(peak_wh);
        let slot = (RIGHT - LEFT) / i64::try_from(hours.len().max(1)).unwrap_or(1);
        let x = |index: usize| LEFT + i64::try_from(index).unwrap_or(0) * slot;
        let bar = |(index, hour): (usize, &Hour)| {
            let wh = hour.used_wh?;
            let height = ((BOTTOM - TOP) * wh / top_wh).max(i64::from(wh > 0));
            let label = format!("{}: {}", f.hour(&hour.from_ms), f.kwh(&wh));
            Some(Bar { x: x(index) + 1, y: BOTTOM - height, width: slot - 2, height, label })
        };
        let line = |part: i64| Mark {
            at: BOTTOM - (BOTTOM - TOP) * part / 2,
            label: crate::money::format_amount(top_wh * part / 20, 2),
        };
        let moment = |(index, hour): (usize, &Hour)| Mark { at: x(index), label: f.hour(&hour.from_ms) };
        Some(Self {
            title: t.chart_title(room),
            summary: t.chart_summary(f.kwh(&total_wh), f.kwh(&peak_wh), f.hour(&peak_ms)),
            bars: hours.iter().enumerate().filter_map(bar).collect(),
            lines: (0..=2).map(line).collect(),
            moments: hours.iter().enumerate().step_by(LABEL_HOURS).map(moment).collect(),
        })
    }

    /// For the template: the drawing's size and edges.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates reach it by the chart")]
    pub fn edges(&self) -> (i64, i64, i64, i64) {
        (WIDTH, LEFT, RIGHT, BOTTOM)
    }
}

/// The next of 1, 2, 5, 10, … from 20 Wh on, so that half of it is a round number of hundredths of a kWh.
fn nice_ceiling(wh: i64) -> i64 {
    let mut step = 20;
    loop {
        for factor in [1, 2, 5] {
            if wh <= step * factor {
                return step * factor;
            }
        }
        if step > i64::MAX / 1000 {
            return i64::MAX / 1000;
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(used_wh: Option<i64>) -> Hour {
        Hour { from_ms: 0, used_wh }
    }

    #[test]
    fn the_highest_bar_stays_below_the_top_line() {
        let f = Format::new(Lang::En, None, 0);
        let hours: Vec<_> = (0..48).map(|index| hour(Some(index * 37))).collect();
        let chart = Chart::draw(Lang::En, &f, "101", &hours).unwrap();
        assert_eq!(chart.bars.len(), 48);
        assert!(chart.bars.iter().all(|bar| bar.y >= TOP && bar.y + bar.height == BOTTOM));
        assert!(chart.bars.iter().all(|bar| bar.x >= LEFT && bar.x + bar.width <= RIGHT));
    }

    #[test]
    fn without_values_there_is_no_chart() {
        let f = Format::new(Lang::En, None, 0);
        assert!(Chart::draw(Lang::En, &f, "101", &[hour(None)]).is_none());
        assert!(Chart::draw(Lang::En, &f, "101", &[hour(Some(0))]).is_some());
    }

    #[test]
    fn axes_end_at_round_numbers() {
        for (wh, top) in [(0, 20), (20, 20), (21, 40), (99, 100), (101, 200), (1_999, 2_000), (2_001, 4_000)]
        {
            assert_eq!(nice_ceiling(wh), top, "{wh}");
        }
        assert!(nice_ceiling(i64::MAX) > 0);
    }
}
