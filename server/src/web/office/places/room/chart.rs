//! The chart of consumption as SVG: a bar an hour or a day, what is missing, an axis with its unit, words for those who
//! don't see it.

use words::Lang;

use crate::reads::room::consumption::Slot;
use crate::web::kit::format::Format;
use crate::web::office::places::room::span::Span;

/// Size of the drawing, in its own units.
const WIDTH: i64 = 640;
const TOP: i64 = 24;
const BOTTOM: i64 = 190;
const LEFT: i64 = 52;
const RIGHT: i64 = 632;

/// What the template draws.
pub struct Chart {
    /// For screen readers: what it is.
    pub title: String,
    /// For screen readers: what it says.
    pub summary: String,
    /// What was used.
    pub bars: Vec<Bar>,
    /// Where nothing is known.
    pub gaps: Vec<Bar>,
    /// How much of it is not known, in words.
    pub missing: Option<String>,
    /// What the axis measures.
    pub unit: &'static str,
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
    /// `None` when no slot has a value.
    #[must_use]
    pub fn draw(t: Lang, f: &Format, room: &str, span: Span, slots: &[Slot]) -> Option<Self> {
        let used = || slots.iter().filter_map(|slot| Some((slot.from_ms, slot.used_wh?)));
        let (peak_ms, peak_wh) = used().max_by_key(|(_, wh)| *wh)?;
        let total_wh = used().fold(0i64, |total_wh, (_, wh)| total_wh.saturating_add(wh));
        let top_wh = nice_ceiling(peak_wh);
        let width = (RIGHT - LEFT) / i64::try_from(slots.len().max(1)).unwrap_or(1);
        let x = |index: usize| LEFT + i64::try_from(index).unwrap_or(0) * width;
        let when = |ms: i64| if span.by_day() { f.day_of(&ms) } else { f.hour(&ms) };
        let bar = |(index, slot): (usize, &Slot)| {
            let wh = slot.used_wh?;
            let height = share(BOTTOM - TOP, wh, top_wh).max(i64::from(wh > 0));
            let label = format!("{}: {}", when(slot.from_ms), f.kwh(&wh));
            Some(Bar { x: x(index) + 1, y: BOTTOM - height, width: width - 2, height, label })
        };
        let gap = |(index, slot): (usize, &Slot)| Bar {
            x: x(index),
            y: TOP,
            width,
            height: BOTTOM - TOP,
            label: t.chart_gap(when(slot.from_ms)),
        };
        let missing = || slots.iter().enumerate().filter(|(_, slot)| slot.missing);
        let line = |part: i64| Mark {
            at: BOTTOM - (BOTTOM - TOP) * part / 2,
            label: domain::money::format_amount(share(part, top_wh, 20), 2),
        };
        let moment = |(index, slot): (usize, &Slot)| Mark { at: x(index), label: when(slot.from_ms) };
        Some(Self {
            title: t.chart_title(room, span.title(t)),
            summary: if span.by_day() {
                t.chart_summary_days(f.kwh(&total_wh), f.kwh(&peak_wh), when(peak_ms))
            } else {
                t.chart_summary(f.kwh(&total_wh), f.kwh(&peak_wh), when(peak_ms))
            },
            bars: slots.iter().enumerate().filter_map(bar).collect(),
            gaps: missing().map(gap).collect(),
            missing: match missing().count() {
                0 => None,
                days if span.by_day() => Some(t.chart_missing_days(days)),
                hours => Some(t.chart_missing_hours(hours)),
            },
            unit: if span.by_day() { t.chart_unit_day() } else { t.chart_unit() },
            lines: (0..=2).map(line).collect(),
            moments: slots.iter().enumerate().step_by(span.label_every()).map(moment).collect(),
        })
    }

    /// For the template: the drawing's size and edges.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates reach it by the chart")]
    pub fn edges(&self) -> (i64, i64, i64, i64) {
        (WIDTH, LEFT, RIGHT, BOTTOM)
    }
}

/// `whole` × `part` / `of`: a meter may say any number of watt-hours.
fn share(whole: i64, part: i64, of: i64) -> i64 {
    i64::try_from(i128::from(whole) * i128::from(part) / i128::from(of)).unwrap_or(i64::MAX)
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

    fn hour(used_wh: Option<i64>) -> Slot {
        Slot { from_ms: 0, used_wh, missing: used_wh.is_none() }
    }

    #[test]
    fn the_highest_bar_stays_below_the_top_line() {
        let f = Format::new(Lang::En, None, 0);
        let hours: Vec<_> = (0..48).map(|index| hour(Some(index * 37))).collect();
        let chart = Chart::draw(Lang::En, &f, "101", Span::Hours, &hours).unwrap();
        assert_eq!(chart.bars.len(), 48);
        assert!(chart.bars.iter().all(|bar| bar.y >= TOP && bar.y + bar.height == BOTTOM));
        assert!(chart.bars.iter().all(|bar| bar.x >= LEFT && bar.x + bar.width <= RIGHT));
    }

    #[test]
    fn without_values_there_is_no_chart() {
        let f = Format::new(Lang::En, None, 0);
        assert!(Chart::draw(Lang::En, &f, "101", Span::Hours, &[hour(None)]).is_none());
        assert!(Chart::draw(Lang::En, &f, "101", Span::Today, &[hour(Some(0))]).is_some());
        let chart = Chart::draw(Lang::En, &f, "101", Span::Week, &[hour(Some(5)), hour(None)]).unwrap();
        assert_eq!((chart.bars.len(), chart.gaps.len()), (1, 1), "missing is not zero");
    }

    #[test]
    fn axes_end_at_round_numbers() {
        for (wh, top) in [(0, 20), (20, 20), (21, 40), (99, 100), (101, 200), (1_999, 2_000), (2_001, 4_000)]
        {
            assert_eq!(nice_ceiling(wh), top, "{wh}");
        }
        assert!(nice_ceiling(i64::MAX) > 0);
        let f = Format::new(Lang::En, None, 0);
        let absurd = [hour(Some(i64::MAX)), hour(Some(i64::MAX)), hour(Some(1))];
        let chart = Chart::draw(Lang::En, &f, "101", Span::Hours, &absurd).unwrap();
        assert!(chart.bars.iter().all(|bar| bar.height > 0), "any total can be drawn");
    }
}
