//! A chart of one against the other as SVG: a bar each across the page, its value behind it, a thin one below for the
//! former period.

use paper::exports::Unit;

use crate::web::kit::format::Format;

/// The most that are drawn; the table has them all.
const MOST: usize = 12;
/// Size of the drawing, in its own units.
const WIDTH: i64 = 640;
const LEFT: i64 = 170;
/// Room for the value behind the longest bar.
const RIGHT: i64 = 500;
const SLOT: i64 = 34;
const TOP: i64 = 8;
/// The longest name, in half-width characters.
const LONGEST_NAME: usize = 20;

/// One of them.
#[derive(Clone, Debug)]
pub struct Rank {
    /// Its name.
    pub name: String,
    /// Its value; what is below zero has no bar.
    pub value: i64,
    /// The former period's.
    pub former: Option<i64>,
}

/// What the template draws.
pub struct Ranks {
    /// For screen readers: what it is.
    pub title: String,
    /// What the thin bars are; empty without them.
    pub legend: String,
    /// From top to bottom.
    pub bars: Vec<RankBar>,
    /// The drawing's height.
    pub height: i64,
}

/// A bar.
pub struct RankBar {
    /// Top edge.
    pub y: i64,
    /// Length.
    pub length: i64,
    /// Length of the thin one.
    pub former: Option<i64>,
    /// Before it, cut short.
    pub name: String,
    /// Behind it.
    pub value: String,
    /// When pointed at.
    pub label: String,
}

impl Ranks {
    /// The first [`MOST`] of them in the given order; `None` when nothing has a bar.
    #[must_use]
    pub fn draw(f: &Format, unit: Unit, title: String, legend: String, ranks: Vec<Rank>) -> Option<Self> {
        let drawn: Vec<_> = ranks.into_iter().filter(|rank| rank.value > 0).take(MOST).collect();
        let longest = drawn.iter().flat_map(|rank| [Some(rank.value), rank.former]).flatten().max()?;
        let length = |value: i64| {
            let part = i128::from(RIGHT - LEFT) * i128::from(value.max(0)) / i128::from(longest);
            i64::try_from(part).unwrap_or(0).max(i64::from(value > 0))
        };
        let bar = |(index, rank): (i64, Rank)| {
            let value = shown(f, unit, rank.value);
            RankBar {
                y: TOP + index * SLOT,
                length: length(rank.value),
                former: rank.former.map(length),
                label: format!("{}: {value}", rank.name),
                name: shortened(&rank.name),
                value,
            }
        };
        let height = 2 * TOP + SLOT * i64::try_from(drawn.len()).unwrap_or(0);
        Some(Self { title, legend, height, bars: (0..).zip(drawn).map(bar).collect() })
    }

    /// For the template: the drawing's width and where bars begin.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates reach it by the chart")]
    pub fn edges(&self) -> (i64, i64) {
        (WIDTH, LEFT)
    }
}

fn shown(f: &Format, unit: Unit, value: i64) -> String {
    match unit {
        Unit::Energy => f.kwh(&value),
        _ => f.money(&value),
    }
}

/// What fits before a bar; a Chinese character takes two places.
fn shortened(name: &str) -> String {
    let mut places = 0;
    let fits = |character: &char| {
        places += 1 + usize::from(*character as u32 > 0x2e7f);
        places <= LONGEST_NAME
    };
    let kept: String = name.chars().take_while(fits).collect();
    if kept.len() == name.len() { kept } else { format!("{kept}…") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::Lang;

    fn rank(value: i64, former: Option<i64>) -> Rank {
        Rank { name: "North".into(), value, former }
    }

    #[test]
    fn the_longest_bar_ends_before_the_values() {
        let f = Format::new(Lang::En, None, 0);
        let ranks = vec![rank(i64::MAX, Some(7)), rank(5, None), rank(0, None), rank(-3, Some(1))];
        let chart = Ranks::draw(&f, Unit::Energy, String::new(), String::new(), ranks).unwrap();
        assert_eq!(chart.bars.len(), 2, "what has no value has no bar");
        assert_eq!((chart.bars[0].length, chart.bars[1].length), (RIGHT - LEFT, 1));
        assert!(Ranks::draw(&f, Unit::Money, String::new(), String::new(), vec![rank(0, None)]).is_none());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("North 101"), "North 101");
        assert_eq!(shortened(&"x".repeat(30)), format!("{}…", "x".repeat(20)));
        assert_eq!(shortened(&"楼".repeat(11)), format!("{}…", "楼".repeat(10)));
    }
}
