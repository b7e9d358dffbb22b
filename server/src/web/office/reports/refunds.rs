//! Settlements of tenancies that ended: what was given back, what became of it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use paper::Kind;
use paper::exports::{Cell, Row, Unit};

use super::MOST_ROWS;
use super::buckets::Step;
use super::build::{Builder, Built, Refusal};
use crate::reads::reports::refunds::{self, Refund};

pub(super) async fn build(b: &Builder<'_>) -> Result<Built, Refusal> {
    let t = b.t;
    let period = b.scope.ends_ms(b.f);
    let mut conn = b.app.db.read().await?;
    let all = refunds::settled(&mut conn, period, b.scope.building_id(), MOST_ROWS + 1).await?;
    drop(conn);
    if i64::try_from(all.len()).unwrap_or(i64::MAX) > MOST_ROWS {
        return Err(Refusal::TooMany);
    }
    let columns = [
        (t.col_statement(), Unit::Text, false),
        (t.col_settled(), Unit::Moment, false),
        (t.col_building(), Unit::Text, false),
        (t.col_room(), Unit::Text, false),
        (t.col_returned(), Unit::Energy, true),
        (t.col_worth(), Unit::Money, true),
        (t.col_set_off(), Unit::Money, true),
        (t.col_rounding(), Unit::Money, true),
        (t.col_refund(), Unit::Money, true),
        (t.col_paid_out(), Unit::Money, true),
        (t.col_open(), Unit::Money, true),
    ];
    let step = Step::for_chart(b.scope);
    let mut sums: BTreeMap<Date, i64> = BTreeMap::new();
    for one in &all {
        *sums.entry(step.of(b.f, one.at_ms)).or_default() += one.refund_minor;
    }
    let chart = b.over_time(step, Unit::Money, t.col_refund(), |date| sums.get(&date).copied().unwrap_or(0));
    let rows = all.iter().map(|one| row(b.f.zone(), one)).collect();
    Ok(Built { table: b.table(&columns, rows), chart, note: t.report_refunds_note().to_owned() })
}

fn row(zone: &TimeZone, one: &Refund) -> Row {
    let cells = vec![
        Cell::text(Kind::RefundStatement.numbered(one.number)),
        Cell::moment(one.at_ms, zone),
        Cell::text(&one.building_name),
        Cell::text(&one.room_name),
        Cell::Number(one.returned_wh),
        Cell::Number(one.lots_minor),
        Cell::Number(-one.set_off_minor),
        Cell::Number(one.rounding_minor()),
        Cell::Number(one.refund_minor),
        Cell::Number(one.paid_minor),
        Cell::Number(one.open_minor()),
    ];
    Row { cells, href: Some(format!("/rooms/{}", one.room_id)) }
}
