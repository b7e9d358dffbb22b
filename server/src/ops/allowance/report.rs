//! What was granted, used and lapsed of free electricity, by rule and building: of any span for the reports, by months as
//! the content of a document.

use std::collections::BTreeMap;

use domain::ids::BuildingId;
use domain::month::Month;
use jiff::tz::TimeZone;
use paper::content::{SubsidyReport, SubsidyRow};
use paper::parts::Moment;
use sqlx::AnyConnection;

use super::batch::worth;
use crate::db::DbError;
use crate::store::allowance::report::{self, Span};
use crate::store::papers::letterhead;
use crate::store::places::site;

/// The most months that a report spans.
pub const MAX_MONTHS: usize = 24;

/// One rule in one building in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The rule's name; empty for what was given by hand.
    pub rule: String,
    /// The building's name.
    pub building: String,
    /// The site's month: `2026-09`.
    pub month: String,
    /// Grants: rooms that got some; by hand, how often.
    pub rooms: i64,
    /// In Wh.
    pub granted_wh: i64,
    /// Its value, in minor units.
    pub granted_minor: i64,
    /// In Wh.
    pub used_wh: i64,
    /// Its value, in minor units.
    pub used_minor: i64,
    /// In Wh.
    pub lapsed_wh: i64,
    /// Its value, in minor units.
    pub lapsed_minor: i64,
}

impl Row {
    /// Adds the figures of another.
    pub fn add(&mut self, other: &Self) {
        self.rooms += other.rooms;
        self.granted_wh += other.granted_wh;
        self.granted_minor += other.granted_minor;
        self.used_wh += other.used_wh;
        self.used_minor += other.used_minor;
        self.lapsed_wh += other.lapsed_wh;
        self.lapsed_minor += other.lapsed_minor;
    }
}

/// The rows of the months from `first` to `last` (both included, at most [`MAX_MONTHS`]), by month, rule and building.
///
/// # Errors
/// The database's.
pub async fn subsidy(conn: &mut AnyConnection, first: Month, last: Month) -> Result<Vec<Row>, DbError> {
    let zone = site::required(conn).await?.zone();
    let mut rows = Vec::new();
    for month in months(first, last) {
        rows.extend(of_month(conn, month, &zone).await?);
    }
    Ok(rows)
}

/// The months of a report.
#[must_use]
pub fn months(first: Month, last: Month) -> Vec<Month> {
    let all = std::iter::successors(Some(first), |month| Some(month.next()));
    all.take(MAX_MONTHS).take_while(|month| *month <= last).collect()
}

async fn of_month(conn: &mut AnyConnection, month: Month, zone: &TimeZone) -> Result<Vec<Row>, DbError> {
    let span = (month.from_ms(zone), month.next().from_ms(zone));
    let mut rows = of_span(conn, span, None).await?;
    for row in &mut rows {
        row.month = month.to_string();
    }
    Ok(rows)
}

/// The rows of any span of time, by rule and building; their month is empty.
///
/// # Errors
/// The database's.
pub async fn of_span(
    conn: &mut AnyConnection,
    span: Span,
    building: Option<&BuildingId>,
) -> Result<Vec<Row>, DbError> {
    let currency = site::required(conn).await?.currency();
    let mut rows = Rows::default();
    for alike in report::granted(conn, span, building).await? {
        let row = rows.of(alike.rule, alike.building);
        row.rooms += alike.grants;
        row.granted_wh += alike.energy_wh * alike.grants;
        row.granted_minor += worth(alike.energy_wh, &alike.price_per_kwh, &currency)? * alike.grants;
    }
    for taken in report::used(conn, span, building).await? {
        let row = rows.of(taken.rule, taken.building);
        row.used_wh += taken.energy_wh;
        row.used_minor += taken.amount_minor;
    }
    for taken in report::lapsed(conn, span, building).await? {
        let row = rows.of(taken.rule, taken.building);
        row.lapsed_wh += taken.energy_wh;
        row.lapsed_minor += taken.amount_minor;
    }
    Ok(rows.0.into_values().collect())
}

/// Rows by rule and building.
#[derive(Default)]
struct Rows(BTreeMap<(String, String), Row>);

impl Rows {
    fn of(&mut self, rule: String, building: String) -> &mut Row {
        self.0.entry((rule.clone(), building.clone())).or_insert_with(|| Row {
            rule,
            building,
            ..Row::default()
        })
    }
}

/// The report as the content of a document, taken at `now_ms`.
///
/// # Errors
/// Those of [`subsidy`].
pub async fn subsidy_report(
    conn: &mut AnyConnection,
    first: Month,
    last: Month,
    now_ms: i64,
) -> Result<SubsidyReport, DbError> {
    let zone = site::required(conn).await?.zone();
    let letterhead = letterhead::required(conn).await?;
    let mut rows = subsidy(conn, first, last).await?;
    rows.sort_by(|one, other| {
        (&one.rule, &one.building, &one.month).cmp(&(&other.rule, &other.building, &other.month))
    });
    Ok(SubsidyReport {
        letterhead,
        from: Moment::at(first.from_ms(&zone), &zone),
        to: Moment::at(last.next().from_ms(&zone), &zone),
        rows: rows.into_iter().map(document_row).collect(),
        taken: Moment::at(now_ms, &zone),
    })
}

fn document_row(row: Row) -> SubsidyRow {
    SubsidyRow {
        rule: row.rule,
        building: row.building,
        month: row.month,
        rooms: row.rooms,
        granted_wh: row.granted_wh,
        granted_minor: row.granted_minor,
        used_wh: row.used_wh,
        used_minor: row.used_minor,
        lapsed_wh: row.lapsed_wh,
        lapsed_minor: Some(row.lapsed_minor),
    }
}
