//! `/reports/{report}/excel` and `/csv`: the same report as a file.

use axum::extract::{Path, State};
use axum::response::Response;

use super::Report;
use super::page;
use super::scope::{Ask, Asked};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::state::AppState;
use crate::web::kit::table_file::{FileKind, table_file};
use crate::web::kit::visitor::Visitor;

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
    let kind = FileKind::parse(&format)?;
    let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
    let mut asked = Asked::read(&app, &visitor, report, &ask, &f).await?;
    let Some(built) = page::build(&app, &visitor, report, &mut asked, &ask, &f).await? else {
        return page::refuse(&app, &visitor, report, asked.fields);
    };
    let days = asked.scope.map_or_else(String::new, |scope| format!("-{}-{}", scope.from, scope.to));
    table_file(built.table, kind, &format!("{}{days}", report.slug()), &f).await
}
