//! What the property owes: credit not used, refunds not paid out, by building.

use paper::exports::{Cell, Row, Unit};

use super::Report;
use super::build::{Builder, Built};
use super::ranks::Rank;
use crate::reads::reports::liability::{self, Owed};
use crate::web::kit::error::WebError;

pub(super) async fn build(b: &Builder<'_>) -> Result<Built, WebError> {
    let t = b.t;
    let owed = liability::by_building(&mut *b.app.db.read().await?, b.scope.building_id()).await?;
    let row = |one: &Owed| {
        let figures = [
            one.tenancies,
            one.prepaid_minor,
            one.paid_left_wh,
            one.overdrawn_wh,
            one.subsidy_left_wh,
            one.refunds_minor,
        ];
        let cells =
            std::iter::once(Cell::text(&one.building_name)).chain(figures.map(Cell::Number)).collect();
        let href = format!("/reports/{}?building={}", Report::UseByRoom.slug(), one.building_id);
        Row { cells, href: Some(href) }
    };
    let columns = [
        (t.col_building(), Unit::Text, false),
        (t.col_tenancies(), Unit::Count, true),
        (t.col_prepaid(), Unit::Money, true),
        (t.col_prepaid_energy(), Unit::Energy, true),
        (t.col_overdraft(), Unit::Energy, true),
        (t.col_free_left(), Unit::Energy, true),
        (t.col_refunds_open(), Unit::Money, true),
    ];
    let rank = |one: &Owed| Rank { name: one.building_name.clone(), value: one.prepaid_minor, former: None };
    let mut ranks: Vec<_> = owed.iter().map(rank).collect();
    ranks.sort_by_key(|rank| std::cmp::Reverse(rank.value));
    Ok(Built {
        table: b.table(&columns, owed.iter().map(row).collect()),
        chart: b.ranked(Unit::Money, t.col_prepaid(), ranks),
        note: t.report_liability_note().to_owned(),
    })
}
