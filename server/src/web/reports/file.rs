//! `/reports/{report}/excel` and `/csv`: the same report as a file.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::Report;
use super::page;
use super::scope::{Ask, Asked};
use crate::exports::{Table, csv, excel};
use crate::web::error::WebError;
use crate::web::format::Format;
use crate::web::forms::Query;
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// `GET /reports/{report}/{format}`. What makes no sense gets the page that says so, not a file.
///
/// # Errors
/// [`WebError::NotFound`] without such a report or format; [`WebError::Forbidden`] when the role does not see it.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, format)): Path<(String, String)>,
    Query(ask): Query<Ask>,
) -> Result<Response, WebError> {
    let report = Report::parse(&slug).ok_or(WebError::NotFound)?;
    let (kind, ending) = match format.as_str() {
        "excel" => (excel::CONTENT_TYPE, "xlsx"),
        "csv" => (csv::CONTENT_TYPE, "csv"),
        _ => return Err(WebError::NotFound),
    };
    let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
    let mut asked = Asked::read(&app, &visitor, report, &ask, &f).await?;
    let Some(built) = page::build(&app, &visitor, report, &mut asked, &ask, &f).await? else {
        return page::refuse(&app, &visitor, report, asked.fields);
    };
    let days = asked.scope.map_or_else(String::new, |scope| format!("-{}-{}", scope.from, scope.to));
    let file = written(built.table, ending, &f).await?;
    let disposition = format!("attachment; filename=\"{}{days}.{ending}\"", report.slug());
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}

/// Away from the threads that answer requests: a workbook of every room of a university takes a moment.
async fn written(table: Table, ending: &str, f: &Format) -> Result<Vec<u8>, WebError> {
    let made = f.zone().to_datetime(Timestamp::from_millisecond(f.now_ms()).unwrap_or_default());
    let as_excel = ending == "xlsx";
    let work =
        move || if as_excel { excel::write(&table, made) } else { Ok(csv::write(&table).into_bytes()) };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| WebError::Internal(error.to_string()))?
        .map_err(|error| WebError::Internal(format!("a workbook could not be written: {error}")))
}
