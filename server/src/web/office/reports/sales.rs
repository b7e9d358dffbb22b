//! Sales by day, cashier, way of payment and building: the same figures, grouped in four ways.

use std::collections::BTreeMap;

use domain::ids::UserId;
use jiff::civil::Date;
use paper::exports::{Cell, Row, Unit};

use super::Report;
use super::buckets::Step;
use super::build::{Builder, Built, Chart};
use super::ranks::Rank;
use crate::reads::reports::sales::{self, Filter, Sold};
use crate::web::kit::error::WebError;
use crate::web::office::desk::sale::channel_name;

pub(super) async fn build(b: &Builder<'_>) -> Result<Built, WebError> {
    let mut conn = b.app.db.read().await?;
    let (from_ms, to_ms) = b.scope.ends_ms(b.f);
    let filter = Filter {
        from_ms,
        to_ms,
        cashier_id: b.scope.cashier.as_ref().map(|(id, _): &(UserId, String)| id.clone()),
        channel: b.scope.channel.clone(),
        building_id: b.scope.building_id().cloned(),
    };
    let groups = match b.report {
        Report::SalesByCashier => sales::by_cashier(&mut conn, &filter).await?,
        Report::SalesByChannel => sales::by_channel(&mut conn, &filter).await?,
        Report::SalesByBuilding => sales::by_building(&mut conn, &filter).await?,
        _ => sales::by_quarter(&mut conn, &filter).await?,
    };
    drop(conn);
    let (rows, chart) = if b.report == Report::SalesByDay { by_day(b, &groups) } else { by_name(b, groups) };
    Ok(Built { table: b.table(&columns(b), rows), chart, note: b.t.report_sales_note().to_owned() })
}

fn columns<'t>(b: &Builder<'t>) -> [(&'t str, Unit, bool); 6] {
    let t = b.t;
    let first = match b.report {
        Report::SalesByCashier => (t.col_cashier(), Unit::Text, false),
        Report::SalesByChannel => (t.col_channel(), Unit::Text, false),
        Report::SalesByBuilding => (t.col_building(), Unit::Text, false),
        _ => (t.col_day(), Unit::Day, false),
    };
    [
        first,
        (t.col_sales(), Unit::Count, true),
        (t.col_energy(), Unit::Energy, true),
        (t.col_sold(), Unit::Money, true),
        (t.col_voided(), Unit::Money, true),
        (t.col_takings(), Unit::Money, true),
    ]
}

fn row(first: Cell, sold: &Sold, href: Option<String>) -> Row {
    let figures = [sold.sales, sold.net_wh(), sold.sold_minor, -sold.voided_minor, sold.net_minor()];
    Row { cells: std::iter::once(first).chain(figures.map(Cell::Number)).collect(), href }
}

fn by_day(b: &Builder<'_>, quarters: &[Sold]) -> (Vec<Row>, Option<Chart>) {
    let days = sums(b, quarters, Step::Day);
    let step = Step::for_chart(b.scope);
    let drawn = sums(b, quarters, step);
    let takings = |date: Date| drawn.get(&date).map_or(0, Sold::net_minor);
    let chart = b.over_time(step, Unit::Money, b.t.col_takings(), takings);
    let link = |day: &Date| b.links.then(|| format!("/reports/day-end?date={day}"));
    (days.iter().map(|(day, sold)| row(Cell::Day(*day), sold, link(day))).collect(), chart)
}

/// By the day or month that each quarter of an hour is in.
fn sums(b: &Builder<'_>, quarters: &[Sold], step: Step) -> BTreeMap<Date, Sold> {
    let mut sums: BTreeMap<Date, Sold> = BTreeMap::new();
    for quarter in quarters {
        let from_ms = quarter.key.parse().unwrap_or(0);
        sums.entry(step.of(b.f, from_ms)).or_default().add(quarter);
    }
    sums
}

/// The largest takings first.
fn by_name(b: &Builder<'_>, mut groups: Vec<Sold>) -> (Vec<Row>, Option<Chart>) {
    if b.report == Report::SalesByChannel {
        for group in &mut groups {
            group.name = channel_name(b.t, &group.key);
        }
    }
    groups.sort_by(|one, other| {
        other.net_minor().cmp(&one.net_minor()).then_with(|| one.name.cmp(&other.name))
    });
    let rank = |sold: &Sold| Rank { name: sold.name.clone(), value: sold.net_minor(), former: None };
    let chart = b.ranked(Unit::Money, b.t.col_takings(), groups.iter().map(rank).collect());
    (groups.iter().map(|sold| row(Cell::text(&sold.name), sold, link(b, sold))).collect(), chart)
}

/// To the days behind a sum.
fn link(b: &Builder<'_>, sold: &Sold) -> Option<String> {
    let filter = match b.report {
        Report::SalesByCashier => "cashier",
        Report::SalesByChannel => "channel",
        _ => "building",
    };
    let without: Vec<_> = b.scope.query(b.report).split('&').map(str::to_owned).collect();
    let kept = without.into_iter().filter(|part| !part.starts_with(&format!("{filter}=")));
    let query: Vec<_> = kept.chain([format!("{filter}={}", sold.key)]).collect();
    Some(format!("/reports/{}?{}", Report::SalesByDay.slug(), query.join("&")))
}
