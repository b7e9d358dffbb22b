//! `/reports/{report}`: a report on screen and on paper, with what it is of, its chart, and its files.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::rights::Action;
use jiff::civil::Date;
use words::Lang;

use super::build::{Builder, Built, Chart, Refusal};
use super::scope::{Ask, Asked, Scope};
use super::show::Shown;
use super::{MOST_ROWS, Report};
use crate::web::kit::error::WebError;
use crate::web::kit::field::Field;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `report.html`.
#[derive(Template)]
#[template(path = "office/reports/report.html")]
struct ReportPage {
    t: Lang,
    page: Page,
    report: Report,
    fields: Vec<Field>,
    shown: Option<ShownReport>,
}

/// A report in words.
struct ShownReport {
    subtitle: String,
    /// As an address asks for the same.
    query: String,
    /// Where a document of the same months is issued.
    issue: Option<String>,
    chart: Option<Chart>,
    table: Shown,
    note: String,
    /// How many rows there are.
    count: usize,
}

/// `GET /reports/{report}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a report; [`WebError::Forbidden`] when the role does not see it.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, WebError> {
    let report = Report::parse(&slug).ok_or(WebError::NotFound)?;
    let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
    let mut asked = Asked::read(&app, &visitor, report, &ask, &f).await?;
    let shown = build(&app, &visitor, report, &mut asked, &ask, &f).await?.map(|built| ShownReport {
        subtitle: built.table.subtitle.clone(),
        issue: issue(&visitor, report, asked.scope.as_ref()),
        query: asked.scope.as_ref().map_or_else(String::new, |scope| scope.query(report)),
        table: Shown::new(&f, &built.table),
        count: built.table.rows.len(),
        chart: built.chart,
        note: built.note,
    });
    refused_or_shown(&app, &visitor, report, asked.fields, shown)
}

/// The months that the period touches, for those who may issue a document of them.
fn issue(visitor: &Visitor, report: Report, scope: Option<&Scope>) -> Option<String> {
    let scope = scope.filter(|_| report.of_free())?;
    let allowed = visitor.actor().is_ok_and(|actor| actor.may(Action::SeeAllowances));
    let month = |day: Date| day.strftime("%Y-%m").to_string();
    allowed.then(|| format!("/reports/subsidy?from={}&until={}", month(scope.from), month(scope.to)))
}

/// The report; `None` when what was asked for makes no sense, with the fields saying why.
pub(super) async fn build(
    app: &AppState,
    visitor: &Visitor,
    report: Report,
    asked: &mut Asked,
    ask: &Ask,
    f: &Format,
) -> Result<Option<Built>, WebError> {
    let Some(scope) = asked.scope.clone() else { return Ok(None) };
    match Builder::new(app, visitor, report, f, &scope).build().await {
        Ok(built) => Ok(Some(built)),
        Err(Refusal::TooMany) => {
            asked.refuse(visitor.lang, ask, &visitor.lang.report_too_many(MOST_ROWS));
            Ok(None)
        }
        Err(Refusal::Web(error)) => Err(error),
    }
}

/// The page without its report, when there is none.
pub(super) fn refuse(
    app: &AppState,
    visitor: &Visitor,
    report: Report,
    fields: Vec<Field>,
) -> Result<Response, WebError> {
    refused_or_shown(app, visitor, report, fields, None)
}

fn refused_or_shown(
    app: &AppState,
    visitor: &Visitor,
    report: Report,
    fields: Vec<Field>,
    shown: Option<ShownReport>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let refused = shown.is_none();
    let page = ReportPage { t, page: Page::new(app, visitor, report.title(t)), report, fields, shown };
    if refused { show_refused(&page) } else { show(&page) }
}
