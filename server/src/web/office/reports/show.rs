//! A report's table as a page shows it: every figure with its unit, in the language of the page.

use jiff::civil::Date;
use paper::exports::{Cell, Row, Table, Unit};

use crate::web::kit::format::Format;

/// Rows on a page; the files hold all of them.
const MOST_SHOWN: usize = 500;

/// What the template shows.
pub struct Shown {
    /// Headings, and whether numbers stand under them.
    pub headings: Vec<(String, bool)>,
    /// The first rows.
    pub rows: Vec<ShownRow>,
    /// The sums.
    pub total: Vec<(String, bool)>,
    /// How many rows are not shown.
    pub hidden: usize,
}

/// A row.
pub struct ShownRow {
    /// What it is about.
    pub name: String,
    /// More about it.
    pub href: Option<String>,
    /// The other cells, and whether each is a number.
    pub cells: Vec<(String, bool)>,
}

impl Shown {
    /// In words.
    #[must_use]
    pub fn new(f: &Format, table: &Table) -> Self {
        let units: Vec<_> = table.columns.iter().map(|column| column.unit).collect();
        let total = table.total.iter().flatten().zip(&units).map(|(cell, unit)| {
            // What does not add up has no sum, not an unknown one.
            let words = if *cell == Cell::Empty { String::new() } else { words(f, *unit, cell) };
            (words, is_number(*unit))
        });
        Self {
            headings: table.columns.iter().map(|one| (one.heading.clone(), is_number(one.unit))).collect(),
            rows: table.rows.iter().take(MOST_SHOWN).map(|row| shown_row(f, &units, row)).collect(),
            total: total.collect(),
            hidden: table.rows.len().saturating_sub(MOST_SHOWN),
        }
    }
}

fn shown_row(f: &Format, units: &[Unit], row: &Row) -> ShownRow {
    let mut cells: Vec<_> =
        row.cells.iter().zip(units).map(|(cell, unit)| (words(f, *unit, cell), is_number(*unit))).collect();
    let name = if cells.is_empty() { String::new() } else { cells.remove(0).0 };
    ShownRow { name, href: row.href.clone(), cells }
}

fn is_number(unit: Unit) -> bool {
    matches!(unit, Unit::Count | Unit::Money | Unit::Energy | Unit::Change)
}

fn words(f: &Format, unit: Unit, cell: &Cell) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => match unit {
            Unit::Money => f.money(number),
            Unit::Energy => f.kwh_exact(number),
            Unit::Change => f.change(*number),
            _ => f.count(*number),
        },
        Cell::Day(day) => day_words(f, unit, *day),
        Cell::Moment(at) => format!("{} {}", f.date(at.date()), at.strftime("%H:%M")),
    }
}

fn day_words(f: &Format, unit: Unit, day: Date) -> String {
    if unit == Unit::Month { f.month(day) } else { f.date(day) }
}
