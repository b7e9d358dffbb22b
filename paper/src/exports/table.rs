//! What a table is, whichever way it is shown: columns with a unit each, rows of whole numbers, sums.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use domain::money::{Currency, format_amount};

/// What a column's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Words.
    Text,
    /// How many.
    Count,
    /// Minor units of the site's currency.
    Money,
    /// Watt-hours; shown in kWh.
    Energy,
    /// By how many thousandths something differs; shown in per cent.
    Change,
    /// A day of the calendar.
    Day,
    /// A month of the calendar, named by its first day.
    Month,
    /// A moment, in the site's time zone.
    Moment,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it, without its unit.
    pub heading: String,
    /// What its cells hold.
    pub unit: Unit,
}

impl Column {
    /// A column.
    pub fn new(heading: impl Into<String>, unit: Unit) -> Self {
        Self { heading: heading.into(), unit }
    }
}

/// A cell. Which column it is in says what its number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known, or nothing fits.
    Empty,
    /// Words.
    Text(String),
    /// A whole number of the column's unit.
    Number(i64),
    /// A day, or a month by its first.
    Day(Date),
    /// A moment, in the site's time zone.
    Moment(DateTime),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A moment, as clocks in that zone show it; empty for what is none.
    #[must_use]
    pub fn moment(at_ms: i64, zone: &TimeZone) -> Self {
        Timestamp::from_millisecond(at_ms).map_or(Self::Empty, |at| Self::Moment(zone.to_datetime(at)))
    }

    /// Its number; `None` for anything else.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One a column.
    pub cells: Vec<Cell>,
    /// Where a page shows more about it.
    pub href: Option<String>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is.
    pub title: String,
    /// What it is of: the period and what else was asked for.
    pub subtitle: String,
    /// Left to right.
    pub columns: Vec<Column>,
    /// Top to bottom.
    pub rows: Vec<Row>,
    /// Under them all; one a column.
    pub total: Option<Vec<Cell>>,
    /// The currency of its money.
    pub currency: Currency,
}

impl Table {
    /// The heading of a column in a file: with its unit, since cells have none there.
    #[must_use]
    pub fn heading(&self, column: &Column) -> String {
        let heading = &column.heading;
        match column.unit {
            Unit::Money if !self.currency.code.is_empty() => format!("{heading} ({})", self.currency.code),
            Unit::Energy => format!("{heading} (kWh)"),
            Unit::Change => format!("{heading} (%)"),
            _ => heading.clone(),
        }
    }

    /// How many digits behind the point the numbers of a unit have.
    #[must_use]
    pub fn digits(&self, unit: Unit) -> u32 {
        match unit {
            Unit::Money => self.currency.digits,
            Unit::Energy => 3,
            Unit::Change => 1,
            Unit::Text | Unit::Count | Unit::Day | Unit::Month | Unit::Moment => 0,
        }
    }

    /// A cell as plain text: exact, with a point, without unit and without grouping.
    #[must_use]
    pub fn plain(&self, unit: Unit, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => format_amount(*number, self.digits(unit)),
            Cell::Day(day) if unit == Unit::Month => day.strftime("%Y-%m").to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
}
