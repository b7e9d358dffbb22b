//! What every report is put together with: its columns, its rows, their sums, its chart.

use jiff::civil::Date;
use paper::exports::{Cell, Column, Row, Table, Unit};
use words::Lang;

use super::Report;
use super::buckets::Step;
use super::ranks::{Rank, Ranks};
use super::scope::Scope;
use crate::reads::places::site::Site;
use crate::web::kit::bars::{self, Bars};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// A report, ready to be shown.
pub struct Built {
    /// Its figures.
    pub table: Table,
    /// Its chart, when there is anything to draw.
    pub chart: Option<Chart>,
    /// What one has to know to read it.
    pub note: String,
}

/// A chart.
pub enum Chart {
    /// Over time.
    Bars(Bars),
    /// One against the other.
    Ranks(Ranks),
}

/// Why there is no report.
pub enum Refusal {
    /// More rows than [`super::MOST_ROWS`].
    TooMany,
    /// What keeps any page from being shown.
    Web(WebError),
}

impl<E: Into<WebError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Web(error.into())
    }
}

/// What a report is built with.
pub struct Builder<'a> {
    /// Which.
    pub report: Report,
    /// The database and the clock.
    pub app: &'a AppState,
    /// The language.
    pub t: Lang,
    /// How figures are written.
    pub f: &'a Format,
    /// Of what.
    pub scope: &'a Scope,
    /// Whether the visitor may follow links into the manager's pages.
    pub links: bool,
    currency: domain::money::Currency,
}

impl<'a> Builder<'a> {
    /// For what a visitor asked for.
    #[must_use]
    pub fn new(
        app: &'a AppState,
        visitor: &Visitor,
        report: Report,
        f: &'a Format,
        scope: &'a Scope,
    ) -> Self {
        let none = domain::money::Currency { code: String::new(), digits: 2 };
        let currency = visitor.site.as_ref().map_or(none, Site::currency);
        Self { report, app, t: visitor.lang, f, scope, links: !scope.own, currency }
    }

    /// Builds it.
    ///
    /// # Errors
    /// [`Refusal::TooMany`], or what keeps any page from being shown.
    pub async fn build(&self) -> Result<Built, Refusal> {
        match self.report {
            Report::SalesByDay
            | Report::SalesByCashier
            | Report::SalesByChannel
            | Report::SalesByBuilding => Ok(super::sales::build(self).await?),
            Report::UseByRoom | Report::UseByBuilding => Ok(super::consumption::by_place(self).await?),
            Report::UseByMonth => Ok(super::consumption::by_month(self).await?),
            Report::Liability => Ok(super::liability::build(self).await?),
            Report::FreeByBuilding | Report::FreeByMonth | Report::FreeByRule => {
                Ok(super::subsidies::build(self).await?)
            }
            Report::Refunds => super::refunds::build(self).await,
        }
    }

    /// The table of these columns and rows; `total` adds up the numbers of the columns it says `true` for.
    #[must_use]
    pub fn table(&self, columns: &[(&str, Unit, bool)], rows: Vec<Row>) -> Table {
        let total = (!rows.is_empty()).then(|| self.total(columns, &rows));
        Table {
            title: self.report.title(self.t).to_owned(),
            subtitle: self.scope.words(self.t, self.report, self.f),
            columns: columns.iter().map(|(heading, unit, _)| Column::new(*heading, *unit)).collect(),
            rows,
            total,
            currency: self.currency.clone(),
        }
    }

    fn total(&self, columns: &[(&str, Unit, bool)], rows: &[Row]) -> Vec<Cell> {
        let sum = |(index, (_, _, adds)): (usize, &(&str, Unit, bool))| {
            let numbers = rows.iter().filter_map(|row| row.cells.get(index).and_then(Cell::number));
            if *adds { Cell::Number(numbers.sum()) } else { Cell::Empty }
        };
        let mut total: Vec<_> = columns.iter().enumerate().map(sum).collect();
        if let Some(first) = total.first_mut() {
            *first = Cell::text(self.t.report_total());
        }
        total
    }

    /// A chart over time of what `values` say, day by day or month by month.
    #[must_use]
    pub fn over_time(
        &self,
        step: Step,
        unit: Unit,
        what: &str,
        value: impl Fn(Date) -> i64,
    ) -> Option<Chart> {
        let column = |date: Date| {
            let (label, name) = step.names(self.f, date);
            bars::Column { label, name, value: value(date) }
        };
        let columns: Vec<_> = step.all(self.scope).into_iter().map(column).collect();
        if columns.iter().all(|column| column.value <= 0) {
            return None;
        }
        Bars::draw_in(self.f, unit, self.chart_title(what), &columns).map(Chart::Bars)
    }

    /// A chart of one against the other.
    #[must_use]
    pub fn ranked(&self, unit: Unit, what: &str, ranks: Vec<Rank>) -> Option<Chart> {
        let former = self.scope.former();
        let thin = ranks.iter().any(|rank| rank.former.is_some());
        let span = || self.t.report_span(self.f.date(former.0), self.f.date(former.1));
        let legend = if thin { self.t.chart_thin(span()) } else { String::new() };
        Ranks::draw(self.f, unit, self.chart_title(what), legend, ranks).map(Chart::Ranks)
    }

    fn chart_title(&self, what: &str) -> String {
        self.t.chart_of(what, self.report.title(self.t))
    }
}

/// By how many thousandths the new differs from the old; nothing when there was no old.
#[must_use]
pub fn change(new: i64, old: i64) -> Cell {
    if old <= 0 {
        return Cell::Empty;
    }
    let thousandths = i128::from(new - old) * 2000 / i128::from(old);
    // Halves away from zero.
    let rounded = (thousandths + thousandths.signum()) / 2;
    i64::try_from(rounded).map_or(Cell::Empty, Cell::Number)
}

/// `part` shared out evenly, to the nearest.
#[must_use]
pub fn mean(sum: i64, count: i64) -> i64 {
    if count <= 0 { 0 } else { (2 * sum + count).div_euclid(2 * count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_rounded_to_a_tenth_of_a_per_cent() {
        assert_eq!(change(150, 100), Cell::Number(500));
        assert_eq!(change(50, 100), Cell::Number(-500));
        assert_eq!(change(0, 3), Cell::Number(-1000));
        assert_eq!(change(20_001, 20_000), Cell::Number(0));
        assert_eq!(change(20_011, 20_000), Cell::Number(1));
        assert_eq!(change(19_989, 20_000), Cell::Number(-1));
        assert_eq!(change(5, 0), Cell::Empty);
        assert_eq!(change(i64::MAX, 1), Cell::Empty);
    }

    #[test]
    fn a_mean_is_rounded_to_the_nearest() {
        assert_eq!((mean(10, 4), mean(9, 4), mean(0, 0)), (3, 2, 0));
    }
}
