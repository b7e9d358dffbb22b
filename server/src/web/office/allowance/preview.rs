//! `/allowances/rules/{id}/runs`: what a run of the rule would do now, room by room and in all; and beginning it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RuleId;
use domain::month::Month;
use serde::Deserialize;
use words::Lang;

use super::phrases::{rooms, share, why};
use crate::ops::allowance::{NoPreview, NoRun, Preview, RunByHand, preview};
use crate::ops::kit::Key;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `allowance_preview.html`.
#[derive(Template)]
#[template(path = "office/allowance/allowance_preview.html")]
struct PreviewPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    preview: Preview,
    /// Each reason in words, and how many rooms.
    reasons: Vec<(&'static str, String)>,
    skipped: i64,
    off: bool,
}

/// What begins a run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RunForm {
    key: String,
    period: String,
}

/// `GET /allowances/rules/{id}/runs`.
///
/// # Errors
/// [`WebError::NotFound`] without such a rule.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RuleId>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let preview = match preview(&app.db, app.clock.as_ref(), &id, None).await {
        Ok(preview) => preview,
        Err(refused) => match because(refused)? {
            // The list of rules says what is missing.
            NoPreview::NoPrice => return Ok(go("/allowances")),
            NoPreview::NoRule => return Err(WebError::NotFound),
        },
    };
    let title = t.run_preview_title(&preview.rule.name, f.month(preview.month.first_day()));
    show(&PreviewPage {
        t,
        page: Page::new(&app, &visitor, title),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        reasons: reasons(t, &preview),
        skipped: preview.reasons.iter().map(|(_, count)| count).sum(),
        off: !preview.rule.calendar.has(preview.month, f.zone()),
        preview,
        f,
    })
}

/// Why rooms get nothing, and how many.
pub(super) fn reasons(t: Lang, preview: &Preview) -> Vec<(&'static str, String)> {
    preview.reasons.iter().map(|(reason, count)| (why(t, reason), rooms(t, count))).collect()
}

/// `POST /allowances/rules/{id}/runs`: leads to the run, which tells how far it has come.
///
/// # Errors
/// [`WebError::NotFound`] without such a rule.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RuleId>,
    Form(form): Form<RunForm>,
) -> Result<Response, WebError> {
    let month: Month = form.period.parse().map_err(|_| WebError::BadRequest)?;
    let run = RunByHand { key: form.key.parse()?, rule: id.clone(), period: month.to_string() };
    match app.ops.perform(visitor.actor()?, run).await {
        Ok(_) => Ok(go(&format!("/allowances/rules/{id}/runs/{month}"))),
        Err(refused) => match because(refused)? {
            NoRun::NoRule => Err(WebError::NotFound),
            // The month has changed since the page was shown: it is to be looked at again.
            NoRun::OtherMonth => Ok(go(&format!("/allowances/rules/{id}/runs"))),
        },
    }
}
