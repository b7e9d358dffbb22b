//! `/allowances/rules/{id}/runs/{period}`: a run: how far it has come, then what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RuleId;
use domain::month::Month;
use words::Lang;

use super::phrases::why;
use super::preview::reasons;
use crate::ops::allowance::{NoPreview, Preview, preview};
use crate::reads::allowance::grants::{self, Grant};
use crate::reads::allowance::runs::{self, Run};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Rooms that the page names; the download has all.
const NAMED: i64 = 200;

/// `allowance_run.html`.
#[derive(Template)]
#[template(path = "office/allowance/allowance_run.html")]
struct RunPage {
    t: Lang,
    page: Page,
    f: Format,
    run: Run,
    grants: Vec<Grant>,
    /// Who would still get nothing; only while the month runs.
    now: Option<Preview>,
    reasons: Vec<(&'static str, String)>,
}

/// `GET /allowances/rules/{id}/runs/{period}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((id, period)): Path<(RuleId, String)>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let month: Month = period.parse().map_err(|_| WebError::NotFound)?;
    let mut conn = app.db.read().await?;
    let run = runs::get(&mut conn, &id, &period).await?.ok_or(WebError::NotFound)?;
    let grants = grants::of_month(&mut conn, &id, &period, NAMED).await?;
    drop(conn);
    let runs_now = run.finished_ms.is_some() && Month::of(f.now_ms(), f.zone()) == month;
    let now = if runs_now {
        match preview(&app.db, app.clock.as_ref(), &id, Some(month)).await {
            Ok(preview) => Some(preview),
            Err(refused) => match because(refused)? {
                NoPreview::NoPrice => None,
                NoPreview::NoRule => return Err(WebError::NotFound),
            },
        }
    } else {
        None
    };
    show(&RunPage {
        t,
        page: Page::new(&app, &visitor, t.run_title(&run.rule_name, f.month(month.first_day()))),
        reasons: now.as_ref().map_or_else(Vec::new, |now| reasons(t, now)),
        f,
        run,
        grants,
        now,
    })
}

impl RunPage {
    /// Who began it.
    fn started_by(&self) -> &str {
        self.run.started_name.as_deref().unwrap_or(self.t.run_by_itself())
    }
}
