//! A graduation as files: what a person has to see to, and every refund with how it stands.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use domain::money::Currency;
use paper::Kind;
use paper::exports::{Cell, Column, Row, Table, Unit};
use words::Lang;

use super::run::exception;
use crate::reads::moves::departure_runs::{self, Item};
use crate::reads::moves::settlements::{self, ListedShare};
use crate::reads::places::site::Site;
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::state::AppState;
use crate::web::kit::table_file::{FileKind, table_file};
use crate::web::kit::visitor::Visitor;
use crate::web::office::moves::departure::way_words;

/// More shares than any list has.
const ALL: i64 = 100_000;

/// `GET /moves/runs/{id}/exceptions/{format}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run or format.
pub async fn get_exceptions(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((id, format)): Path<(OperationId, String)>,
) -> Result<Response, WebError> {
    let (kind, t) = (FileKind::parse(&format)?, visitor.lang);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut conn = app.db.read().await?;
    let run = departure_runs::get(&mut conn, &id).await?.ok_or(WebError::NotFound)?;
    let items = departure_runs::items(&mut conn, &id).await?;
    drop(conn);
    let rows = items.iter().filter_map(|item| Some(exception_row(item, exception(t, &f, item)?)));
    let columns = [
        (t.list_building(), Unit::Text),
        (t.list_room(), Unit::Text),
        (t.graduation_exceptions(), Unit::Text),
        (t.bank_statement(), Unit::Text),
        (t.refund(), Unit::Money),
    ];
    let title = (t.graduation_exceptions(), run.label.as_str());
    let table = table(title, &columns, rows.collect(), &visitor, &f);
    table_file(table, kind, "graduation-exceptions", &f).await
}

fn exception_row(item: &Item, words: String) -> Row {
    let number = item.number.map_or(Cell::Empty, |number| Cell::text(Kind::RefundStatement.numbered(number)));
    Row {
        cells: vec![
            Cell::text(&item.building),
            Cell::text(&item.room),
            Cell::text(words),
            number,
            item.refund_minor.map_or(Cell::Empty, Cell::Number),
        ],
        href: None,
    }
}

/// `GET /moves/runs/{id}/refunds/{format}`: also the form in which bank accounts are filled in and sent back.
///
/// # Errors
/// [`WebError::NotFound`] without such a run or format.
pub async fn get_refunds(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((id, format)): Path<(OperationId, String)>,
) -> Result<Response, WebError> {
    let (kind, t) = (FileKind::parse(&format)?, visitor.lang);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut conn = app.db.read().await?;
    let run = departure_runs::get(&mut conn, &id).await?.ok_or(WebError::NotFound)?;
    let shares = settlements::listed_shares(&mut conn, &id, (-1, -1), ALL).await?;
    drop(conn);
    let columns = [
        (t.list_building(), Unit::Text),
        (t.list_room(), Unit::Text),
        (t.list_name(), Unit::Text),
        (t.list_number(), Unit::Text),
        (t.bank_statement(), Unit::Text),
        (t.refund(), Unit::Money),
        (t.status(), Unit::Text),
        (t.when(), Unit::Moment),
        (t.way_account_name(), Unit::Text),
        (t.way_account_number(), Unit::Text),
        (t.way_bank_name(), Unit::Text),
    ];
    let rows = shares.iter().map(|share| share_row(t, &f, share)).collect();
    let table = table((t.refunds_title(), &run.label), &columns, rows, &visitor, &f);
    table_file(table, kind, "graduation-refunds", &f).await
}

fn share_row(t: Lang, f: &Format, share: &ListedShare) -> Row {
    let status = match (&share.way, share.unapproved) {
        (Some(way), _) => t.refunds_paid_by(way_words(t, way)),
        (None, 1) => t.stage_to_approve().to_owned(),
        (None, _) => t.stage_to_pay().to_owned(),
    };
    let known = |text: &Option<String>| text.as_deref().map_or(Cell::Empty, Cell::text);
    Row {
        cells: vec![
            Cell::text(&share.building),
            Cell::text(&share.room),
            Cell::text(&share.name),
            Cell::text(&share.number),
            Cell::text(Kind::RefundStatement.numbered(share.statement)),
            Cell::Number(share.amount_minor),
            Cell::text(status),
            share.paid_ms.map_or(Cell::Empty, |at_ms| Cell::moment(at_ms, f.zone())),
            known(&share.account_name),
            known(&share.account_number),
            known(&share.bank),
        ],
        href: None,
    }
}

fn table(
    (title, subtitle): (&str, &str),
    columns: &[(&str, Unit)],
    rows: Vec<Row>,
    visitor: &Visitor,
    f: &Format,
) -> Table {
    let none = Currency { code: String::new(), digits: 2 };
    Table {
        title: title.to_owned(),
        subtitle: format!("{subtitle} · {}", visitor.lang.report_as_of(f.when(&f.now_ms()))),
        columns: columns.iter().map(|(heading, unit)| Column::new(*heading, *unit)).collect(),
        rows,
        total: None,
        currency: visitor.site.as_ref().map_or(none, Site::currency),
    }
}
