//! Free electricity granted, used and lapsed, with what each is worth: by building, by month, by rule.

use std::collections::BTreeMap;

use jiff::civil::Date;
use paper::exports::{Cell, Row, Unit};

use super::Report;
use super::buckets::Step;
use super::build::{Builder, Built, Chart};
use super::ranks::Rank;
use crate::db::Connection;
use crate::ops::allowance::report::{Row as Free, of_span};
use crate::web::kit::error::WebError;
use crate::web::kit::period::{ends_ms, next_month};

/// Rows and chart.
type Figures = (Vec<Row>, Option<Chart>);

pub(super) async fn build(b: &Builder<'_>) -> Result<Built, WebError> {
    let t = b.t;
    let mut columns = match b.report {
        Report::FreeByMonth => vec![(t.col_month(), Unit::Month, false)],
        Report::FreeByRule => vec![(t.run_rule(), Unit::Text, false), (t.col_building(), Unit::Text, false)],
        _ => vec![(t.col_building(), Unit::Text, false)],
    };
    columns.extend([
        (t.col_grants(), Unit::Count, true),
        (t.col_granted(), Unit::Energy, true),
        (t.col_granted_worth(), Unit::Money, true),
        (t.col_free_used(), Unit::Energy, true),
        (t.col_cost(), Unit::Money, true),
        (t.col_lapsed(), Unit::Energy, true),
        (t.col_lapsed_worth(), Unit::Money, true),
    ]);
    let mut conn = b.app.db.read().await?;
    let (rows, chart) = match b.report {
        Report::FreeByMonth => by_month(b, &mut conn).await?,
        Report::FreeByRule => by_rule(b, &mut conn).await?,
        _ => by_building(b, &mut conn).await?,
    };
    Ok(Built { table: b.table(&columns, rows), chart, note: t.report_free_note().to_owned() })
}

async fn by_month(b: &Builder<'_>, conn: &mut Connection) -> Result<Figures, WebError> {
    let mut months: BTreeMap<Date, Free> = BTreeMap::new();
    for month in Step::Month.all(b.scope) {
        let span = ends_ms(b.f.zone(), month, next_month(month));
        for free in of_span(conn, span, b.scope.building_id()).await? {
            months.entry(month).or_default().add(&free);
        }
    }
    let used = |month: Date| months.get(&month).map_or(0, |free| free.used_wh);
    let chart = b.over_time(Step::Month, Unit::Energy, b.t.col_free_used(), used);
    Ok((months.iter().map(|(month, free)| row(vec![Cell::Day(*month)], free)).collect(), chart))
}

async fn by_rule(b: &Builder<'_>, conn: &mut Connection) -> Result<Figures, WebError> {
    let all = of_span(conn, b.scope.ends_ms(b.f), b.scope.building_id()).await?;
    let name = |free: &Free| match free.rule.as_str() {
        "" => b.t.free_by_hand().to_owned(),
        rule => rule.to_owned(),
    };
    let chart = ranked(b, sums(&all, &name));
    let rows = all.iter().map(|free| row(vec![Cell::text(name(free)), Cell::text(&free.building)], free));
    Ok((rows.collect(), chart))
}

async fn by_building(b: &Builder<'_>, conn: &mut Connection) -> Result<Figures, WebError> {
    let all = of_span(conn, b.scope.ends_ms(b.f), b.scope.building_id()).await?;
    let all = sums(&all, &|free| free.building.clone());
    let rows = all.iter().map(|(building, free)| row(vec![Cell::text(building)], free)).collect();
    Ok((rows, ranked(b, all)))
}

/// Their sums by a name, those with the most first.
fn sums(all: &[Free], name: &impl Fn(&Free) -> String) -> Vec<(String, Free)> {
    let mut sums: BTreeMap<String, Free> = BTreeMap::new();
    for free in all {
        sums.entry(name(free)).or_default().add(free);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    // Equals stay in the order of their names.
    sums.sort_by_key(|(_, free)| std::cmp::Reverse(free.granted_wh));
    sums
}

fn ranked(b: &Builder<'_>, sums: Vec<(String, Free)>) -> Option<Chart> {
    let rank = |(name, free): (String, Free)| Rank { name, value: free.granted_wh, former: None };
    b.ranked(Unit::Energy, b.t.col_granted(), sums.into_iter().map(rank).collect())
}

fn row(mut cells: Vec<Cell>, free: &Free) -> Row {
    let figures = [
        free.rooms,
        free.granted_wh,
        free.granted_minor,
        free.used_wh,
        free.used_minor,
        free.lapsed_wh,
        free.lapsed_minor,
    ];
    cells.extend(figures.map(Cell::Number));
    Row { cells, href: None }
}
