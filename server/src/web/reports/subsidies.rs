//! Free electricity granted, used and lapsed, by building and by month.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Report;
use super::buckets::Step;
use super::build::{Builder, Built};
use super::ranks::Rank;
use crate::exports::{Cell, Row, Unit};
use crate::store::reports::subsidies::{self, Free};
use crate::web::error::WebError;

pub(super) async fn build(b: &Builder<'_>) -> Result<Built, WebError> {
    let t = b.t;
    let mut conn = b.app.db.read().await?;
    let (period, building) = (b.scope.ends_ms(b.f), b.scope.building_id());
    let first = if b.report == Report::FreeByMonth {
        (t.col_month(), Unit::Month)
    } else {
        (t.col_building(), Unit::Text)
    };
    let columns = [
        (first.0, first.1, false),
        (t.col_grants(), Unit::Count, true),
        (t.col_granted(), Unit::Energy, true),
        (t.col_free_used(), Unit::Energy, true),
        (t.col_cost(), Unit::Money, true),
        (t.col_lapsed(), Unit::Energy, true),
    ];
    let (rows, chart) = if b.report == Report::FreeByMonth {
        let mut months: BTreeMap<Date, Free> = BTreeMap::new();
        for quarter in subsidies::by_quarter(&mut conn, period, building).await? {
            let from_ms = quarter.key.parse().unwrap_or(0);
            months.entry(Step::Month.of(b.f, from_ms)).or_default().add(&quarter);
        }
        let used = |month: Date| months.get(&month).map_or(0, |free| free.used_wh);
        let chart = b.over_time(Step::Month, Unit::Energy, t.col_free_used(), used);
        (months.iter().map(|(month, free)| row(Cell::Day(*month), free)).collect(), chart)
    } else {
        let mut all = subsidies::by_building(&mut conn, period, building).await?;
        all.sort_by(|one, other| {
            other.granted_wh.cmp(&one.granted_wh).then_with(|| one.name.cmp(&other.name))
        });
        let rank = |free: &Free| Rank { name: free.name.clone(), value: free.granted_wh, former: None };
        let chart = b.ranked(Unit::Energy, t.col_granted(), all.iter().map(rank).collect());
        (all.iter().map(|free| row(Cell::text(&free.name), free)).collect(), chart)
    };
    Ok(Built { table: b.table(&columns, rows), chart, note: t.report_free_note().to_owned() })
}

fn row(first: Cell, free: &Free) -> Row {
    let figures = [free.grants, free.granted_wh, free.used_wh, free.used_minor, free.lapsed_wh];
    Row { cells: std::iter::once(first).chain(figures.map(Cell::Number)).collect(), href: None }
}
