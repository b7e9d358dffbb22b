//! The content of a sales report: a day or a month, by channel, cashier, building and day.

use serde::{Deserialize, Serialize};

use crate::parts::{Letterhead, Moment};

/// Sales of a day or a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesReport {
    /// Who issues it.
    pub letterhead: Letterhead,
    /// A day or a month.
    pub span: Span,
    /// From when (inclusive).
    pub from: Moment,
    /// To when (exclusive).
    pub to: Moment,
    /// The same sales by one thing after another; each group's sums are equal.
    pub groups: Vec<SalesGroup>,
    /// What the books say of the same span, in minor units: sums of transfers, to hold the report against.
    pub books_minor: i64,
    /// When the figures were taken.
    pub taken: Moment,
}

/// How long a report reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// A day of the site.
    #[default]
    Day,
    /// A month of the site.
    Month,
}

/// Sales by one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesGroup {
    /// By what.
    pub by: SalesGrouping,
    /// A row for each.
    pub rows: Vec<SalesRow>,
}

/// What sales are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SalesGrouping {
    /// By day; names are dates (`2026-09-01`).
    #[default]
    Day,
    /// By how they were paid; names are `cash` or a channel's.
    Channel,
    /// By who sold.
    Cashier,
    /// By building.
    Building,
}

/// Sales of one day, channel, cashier or building.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesRow {
    /// Which.
    pub name: String,
    /// How many sales.
    pub sales: i64,
    /// How many of them were voided; their amounts and energy are not in the sums.
    pub voids: i64,
    /// Sold, in Wh.
    pub energy_wh: i64,
    /// Taken, in minor units.
    pub amount_minor: i64,
    /// Refunds paid out, in minor units; positive. Not known by day.
    pub refunds_minor: Option<i64>,
}
