//! `/allowances/rules/{id}/runs/{period}/{format}`: every grant of a run as Excel or CSV.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RuleId;
use domain::money::{Currency, Price};
use paper::exports::{Cell, Column, Row, Table, Unit};
use words::Lang;

use crate::reads::allowance::grants::{self, Grant};
use crate::reads::allowance::runs;
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::state::AppState;
use crate::web::kit::table_file::{FileKind, table_file};
use crate::web::kit::visitor::Visitor;

/// `GET /allowances/rules/{id}/runs/{period}/{format}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run or format.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((rule, period, format)): Path<(RuleId, String, String)>,
) -> Result<Response, WebError> {
    let (kind, t) = (FileKind::parse(&format)?, visitor.lang);
    runs::get(&mut *app.db.read().await?, &rule, &period).await?.ok_or(WebError::NotFound)?;
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let (f, currency) = (Format::new(t, Some(site), app.clock.now_ms()), site.currency());
    let all = grants::of_month(&mut *app.db.read().await?, &rule, &period, i64::MAX).await?;
    let rows = all.iter().map(|grant| row(t, &f, &currency, grant)).collect();
    let columns = [
        (t.col_building(), Unit::Text),
        (t.csv_floor(), Unit::Text),
        (t.run_room(), Unit::Text),
        (t.run_month(), Unit::Text),
        (t.run_rule(), Unit::Text),
        (t.col_granted(), Unit::Energy),
        (&t.csv_price(f.currency()), Unit::Text),
        (t.col_granted_worth(), Unit::Money),
        (t.when(), Unit::Moment),
        (t.csv_delivered(), Unit::Text),
    ];
    let table = Table {
        title: t.free_title().to_owned(),
        subtitle: period.clone(),
        columns: columns.map(|(heading, unit)| Column::new(heading, unit)).into(),
        rows,
        total: None,
        currency,
    };
    table_file(table, kind, &format!("free-electricity-{period}"), &f).await
}

fn row(t: Lang, f: &Format, currency: &Currency, grant: &Grant) -> Row {
    let worth = grant.price_per_kwh.parse::<Price>().ok();
    let worth = worth.and_then(|price| price.amount_minor(grant.energy_wh, currency)).unwrap_or(0);
    Row {
        cells: vec![
            Cell::text(&grant.building_name),
            Cell::text(&grant.floor_name),
            Cell::text(&grant.room_name),
            Cell::text(&grant.period),
            Cell::text(grant.rule_name.as_deref().unwrap_or(t.free_by_hand())),
            Cell::Number(grant.energy_wh),
            Cell::text(&grant.price_per_kwh),
            Cell::Number(worth),
            Cell::moment(grant.at_ms, f.zone()),
            Cell::text(if grant.delivered == 1 { t.csv_yes() } else { t.csv_no() }),
        ],
        href: None,
    }
}
