//! A chart of sums of money or energy as SVG: a bar an hour, a day or a month, an axis with its unit, words for those who
//! don't see it.

use paper::exports::Unit;

use crate::web::kit::format::Format;

/// Size of the drawing, in its own units.
const WIDTH: i64 = 640;
const TOP: i64 = 24;
const BOTTOM: i64 = 150;
const LEFT: i64 = 84;
const RIGHT: i64 = 632;
/// The widest bar.
const WIDEST: i64 = 48;
/// The most labels under the axis.
const MOST_LABELS: usize = 8;

/// One sum.
#[derive(Clone, Debug)]
pub struct Column {
    /// Under the axis.
    pub label: String,
    /// When pointed at: what it is the sum of.
    pub name: String,
    /// The sum, in minor units or Wh; what is below zero has no bar.
    pub value: i64,
}

/// What the template draws.
pub struct Bars {
    /// For screen readers: what it is.
    pub title: String,
    /// A bar a column.
    pub bars: Vec<Bar>,
    /// Lines across, with their value.
    pub lines: Vec<Mark>,
    /// Labels under the axis.
    pub labels: Vec<Mark>,
    /// The unit of the axis.
    pub unit: String,
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
    /// What it is and its value.
    pub label: String,
}

/// A value at a place of an axis.
pub struct Mark {
    /// The place.
    pub at: i64,
    /// The value.
    pub label: String,
}

impl Bars {
    /// Sums of money; `None` when there is nothing to draw.
    #[must_use]
    pub fn draw(f: &Format, title: String, columns: &[Column]) -> Option<Self> {
        Self::draw_in(f, Unit::Money, title, columns)
    }

    /// Sums of energy, or of money; `None` when there is nothing to draw.
    #[must_use]
    pub fn draw_in(f: &Format, unit: Unit, title: String, columns: &[Column]) -> Option<Self> {
        let top = nice_ceiling(columns.iter().map(|column| column.value).max()?);
        let is_energy = unit == Unit::Energy;
        let words = |value: i64| if is_energy { f.kwh_exact(&value) } else { f.money(&value) };
        let bare = |value: i64| if is_energy { f.kwh_bare(value) } else { f.money_bare(value) };
        let slot = (RIGHT - LEFT) / i64::try_from(columns.len()).ok()?;
        let width = (slot - 2).clamp(1, WIDEST);
        let middle = |index: usize| LEFT + i64::try_from(index).unwrap_or(0) * slot + slot / 2;
        let bar = |(index, column): (usize, &Column)| {
            let shown = i128::from(column.value.max(0));
            let height = i64::try_from(i128::from(BOTTOM - TOP) * shown / i128::from(top)).unwrap_or(0);
            let height = height.max(i64::from(column.value > 0));
            let label = format!("{}: {}", column.name, words(column.value));
            Bar { x: middle(index) - width / 2, y: BOTTOM - height, width, height, label }
        };
        let line =
            |part: i64| Mark { at: BOTTOM - (BOTTOM - TOP) * part / 2, label: short(&bare(top / 2 * part)) };
        let step = columns.len().div_ceil(MOST_LABELS);
        let label =
            |(index, column): (usize, &Column)| Mark { at: middle(index), label: column.label.clone() };
        Some(Self {
            title,
            bars: columns.iter().enumerate().map(bar).collect(),
            lines: (0..=2).map(line).collect(),
            labels: columns.iter().enumerate().step_by(step).map(label).collect(),
            unit: if is_energy { f.energy_unit().to_owned() } else { f.currency().to_owned() },
        })
    }

    /// For the template: the drawing's size and edges.
    #[must_use]
    pub fn edges(&self) -> (i64, i64, i64, i64) {
        (WIDTH, LEFT, RIGHT, BOTTOM)
    }
}

/// Without zeros behind the point: an axis has little room.
fn short(number: &str) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.chars().all(|digit| digit == '0') { whole.to_owned() } else { number.to_owned() }
}

/// The next of 2, 4, 10, 20, 40, 100, … so that half of it is whole.
fn nice_ceiling(minor: i64) -> i64 {
    let mut step = 2;
    loop {
        for factor in [1, 2, 5] {
            if minor <= step * factor {
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
    use words::Lang;

    fn columns(amounts: &[i64]) -> Vec<Column> {
        let column = |value: &i64| Column { label: String::new(), name: String::new(), value: *value };
        amounts.iter().map(column).collect()
    }

    #[test]
    fn bars_stay_within_the_drawing() {
        let f = Format::new(Lang::En, None, 0);
        for amounts in [vec![0], vec![5, -3, 17], (0..31).map(|day| day * 137).collect(), vec![i64::MAX, 1]] {
            let chart = Bars::draw(&f, String::new(), &columns(&amounts)).unwrap();
            assert_eq!(chart.bars.len(), amounts.len());
            assert!(chart.labels.len() <= MOST_LABELS);
            for bar in &chart.bars {
                assert!(bar.x >= LEFT && bar.x + bar.width <= RIGHT && bar.y + bar.height == BOTTOM);
                assert!(amounts.contains(&i64::MAX) || bar.y >= TOP);
            }
        }
        assert!(Bars::draw(&f, String::new(), &[]).is_none());
    }
}
