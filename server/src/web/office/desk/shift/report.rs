//! `/shifts/{id}`: a shift as it stands; once closed, the sheet that is handed over with the drawer.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::ShiftId;
use domain::rights::Action;
use words::Lang;

use crate::ops::kit::Key;
use crate::reads::desk::figures::{ShiftReport, shift_report};
use crate::reads::desk::shifts;
use crate::reads::desk::takings::Quarter;
use crate::web::kit::bars::{Bars, Column};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

const HOUR_MS: i64 = 3_600_000;
/// The most hours drawn: a shift that somebody forgot to close is longer.
const MOST_HOURS: usize = 24;

/// `shift_report.html`.
#[derive(Template)]
#[template(path = "office/desk/shift_report.html")]
struct ShiftReportPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    report: ShiftReport,
    chart: Option<Bars>,
    own: bool,
    oversees: bool,
}

/// `GET /shifts/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a shift; [`WebError::Forbidden`] when it is somebody else's.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<ShiftId>,
) -> Result<Response, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    let oversees = actor.may(Action::SeeShifts);
    let mut conn = app.db.read().await?;
    let shift = shifts::get(&mut conn, &id).await?.ok_or(WebError::NotFound)?;
    let own = shift.user_id == actor.id();
    if !own && !oversees {
        return Err(WebError::Forbidden);
    }
    let report = shift_report(&mut conn, shift).await?;
    drop(conn);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    show(&ShiftReportPage {
        t,
        page: Page::new(&app, &visitor, t.shift_number(report.shift.number)),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        chart: Bars::draw(&f, t.shift_chart().to_owned(), &hours(&f, &report)),
        f,
        report,
        own,
        oversees,
    })
}

/// A column for each hour from the opening to the closing, or to now.
fn hours(f: &Format, report: &ShiftReport) -> Vec<Column> {
    if report.quarters.is_empty() {
        return Vec::new();
    }
    let begin = |ms: i64| ms.div_euclid(HOUR_MS) * HOUR_MS;
    let last_sale_ms = report.quarters.last().map_or(0, |quarter| quarter.from_ms);
    let end_ms = report.shift.closed_ms.unwrap_or_else(|| f.now_ms()).max(last_sale_ms);
    let all: Vec<i64> =
        (begin(report.shift.opened_ms)..=end_ms).step_by(HOUR_MS.unsigned_abs() as usize).collect();
    let drawn = &all[all.len().saturating_sub(MOST_HOURS)..];
    drawn.iter().map(|from_ms| column(f, &report.quarters, *from_ms)).collect()
}

fn column(f: &Format, quarters: &[Quarter], from_ms: i64) -> Column {
    let within = |quarter: &&Quarter| (from_ms..from_ms + HOUR_MS).contains(&quarter.from_ms);
    Column {
        label: f.time_of_day(&from_ms),
        name: f.hour(&from_ms),
        value: quarters.iter().filter(within).map(Quarter::net_minor).sum(),
    }
}
