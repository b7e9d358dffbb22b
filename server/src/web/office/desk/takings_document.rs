//! `POST /reports/sales/document`: issues the sales of a day or a month as a report, and leads to the document.

use axum::extract::State;
use axum::response::Response;
use domain::rights::Action;
use jiff::civil::Date;
use paper::Document;
use paper::content::{SalesGroup, SalesGrouping, SalesReport, SalesRow, Span};
use paper::parts::Moment;
use serde::Deserialize;

use crate::ops::papers::issue_document::IssueDocument;
use crate::reads::desk::figures::{self, ChannelDay};
use crate::reads::desk::takings::Quarter;
use crate::reads::papers::{documents, letterhead};
use crate::reads::places::site::Site;
use crate::web::kit::error::WebError;
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::period::{begins_ms, next_day, next_month, parse_day, parse_month};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Which day (`2026-09-01`) or month (`2026-09`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TakingsForm {
    key: String,
    of: String,
}

/// `POST /reports/sales/document`.
///
/// # Errors
/// [`WebError::BadRequest`] for what is no day and no month.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<TakingsForm>,
) -> Result<Response, WebError> {
    let (span, first, after) = period(&form.of).ok_or(WebError::BadRequest)?;
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let content = content(&app, site, span, first, after).await?;
    let request = IssueDocument {
        key: form.key.parse()?,
        action: Action::OverseeShifts,
        content: Document::SalesReport(content),
        language: visitor.lang,
        about: form.of.clone(),
        once: false,
        label: form.of,
    };
    let outcome = app.ops.perform(visitor.actor()?, request).await?;
    let found = documents::of_operation(&mut *app.db.read().await?, &outcome.id).await?;
    let (kind, number) = found.ok_or(WebError::NotFound)?;
    Ok(go(&format!("/documents/{}/{number}", kind.as_str())))
}

/// The first day of the span, and the first day after it.
fn period(of: &str) -> Option<(Span, Date, Date)> {
    let day = parse_day(of).map(|day| (Span::Day, day, next_day(day)));
    day.or_else(|| parse_month(of).map(|first| (Span::Month, first, next_month(first))))
}

async fn content(
    app: &AppState,
    site: &Site,
    span: Span,
    first: Date,
    after: Date,
) -> Result<SalesReport, WebError> {
    let (zone, now_ms) = (site.zone(), app.clock.now_ms());
    let (from_ms, to_ms) = (begins_ms(&zone, first), begins_ms(&zone, after));
    let mut conn = app.db.read().await?;
    let head = letterhead::get(&mut conn).await?.ok_or(WebError::NotFound)?;
    let (books, quarters) = figures::takings(&mut conn, from_ms, to_ms).await?;
    drop(conn);
    let mut groups = vec![SalesGroup { by: SalesGrouping::Channel, rows: by_channel(&books, &quarters) }];
    if span == Span::Month {
        let days = std::iter::successors(Some(first), |day| Some(next_day(*day)));
        let days = days.take_while(|day| *day < after).map(|day| {
            let (from_ms, to_ms) = (begins_ms(&zone, day), begins_ms(&zone, next_day(day)));
            let within = |quarter: &&Quarter| (from_ms..to_ms).contains(&quarter.from_ms);
            row(day.to_string(), quarters.iter().filter(within), None)
        });
        let rows = days.filter(|row| row.sales != 0 || row.voids != 0).collect();
        groups.push(SalesGroup { by: SalesGrouping::Day, rows });
    }
    Ok(SalesReport {
        letterhead: head,
        span,
        from: Moment::at(from_ms, &zone),
        to: Moment::at(to_ms, &zone),
        groups,
        books_minor: books.iter().map(|day| day.sales.amount_minor - day.voids.amount_minor).sum(),
        taken: Moment::at(now_ms, &zone),
    })
}

/// Cash first, as the books have them; what was sold comes from the records of the desk.
fn by_channel(books: &[ChannelDay], quarters: &[Quarter]) -> Vec<SalesRow> {
    let rows = books.iter().map(|day| {
        let of_it = quarters.iter().filter(|quarter| quarter.channel == day.channel);
        row(day.channel.clone(), of_it, Some(day.refunds.amount_minor))
    });
    rows.collect()
}

fn row<'a>(
    name: String,
    quarters: impl Iterator<Item = &'a Quarter>,
    refunds_minor: Option<i64>,
) -> SalesRow {
    let sum = quarters.fold(Quarter::default(), |mut sum, quarter| {
        sum.add(quarter);
        sum
    });
    SalesRow {
        name,
        sales: sum.sales,
        voids: sum.voids,
        energy_wh: sum.net_wh(),
        amount_minor: sum.net_minor(),
        refunds_minor,
    }
}
