//! `/moves/lists/{id}`: a list that was taken in: what is wrong with it by row, how far it is carried out, what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use words::Lang;

use super::phrases;
use crate::db::DbError;
use crate::ops::moves::move_in_list::{self, Failure, NotStarted, go_through, review, start};
use crate::reads::moves::imports::Import;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Problems that are listed; more are counted.
const MOST_SHOWN: usize = 200;

/// `move_in_list.html`.
#[derive(Template)]
#[template(path = "office/moves/move_in_list.html")]
struct ListPage {
    t: Lang,
    page: Page,
    f: Format,
    import: Import,
    /// Row and what is wrong with it.
    problems: Vec<(usize, String)>,
    more_problems: usize,
    /// Row, room and why it was left out.
    failures: Vec<(usize, String, &'static str)>,
}

impl ListPage {
    fn finished(&self) -> bool {
        self.import.done >= self.import.rooms
    }

    fn moved_in(&self) -> i64 {
        self.import.done - i64::try_from(self.failures.len()).unwrap_or(0)
    }
}

/// `GET /moves/lists/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a list.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let (import, lines) = move_in_list::get(&app.db, &id).await?.ok_or(WebError::NotFound)?;
    let mut problems = Vec::new();
    if import.started_ms.is_none() {
        problems = review(&mut *app.db.read().await?, &lines).await?.problems;
    }
    let failures: Vec<Failure> = serde_json::from_str(&import.failures)
        .map_err(|error| DbError::Corrupt(format!("failures of list {id}: {error}")))?;
    show(&ListPage {
        t,
        page: Page::new(&app, &visitor, t.list_review_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        more_problems: problems.len().saturating_sub(MOST_SHOWN),
        problems: problems
            .iter()
            .take(MOST_SHOWN)
            .map(|(row, problem)| (*row, phrases::row_problem(t, problem)))
            .collect(),
        failures: failures
            .into_iter()
            .map(|failure| (failure.row, failure.room, phrases::failure(t, &failure.why)))
            .collect(),
        import,
    })
}

/// `POST /moves/lists/{id}`: carries it out, or goes on where a server stopped.
///
/// # Errors
/// [`WebError::NotFound`] without such a list.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    let actor = visitor.actor()?.clone();
    if let Err(refused) = start(&app.ops, &actor, &id).await {
        return match because(refused)? {
            NotStarted::NoList => Err(WebError::NotFound),
            // The page says what is wrong.
            NotStarted::Wrong => Ok(go(&format!("/moves/lists/{id}"))),
        };
    }
    let (carried, here) = (id.clone(), app.clone());
    // The run does not belong to the browser's connection. What it leaves undone is gone on with from the page.
    tokio::spawn(async move {
        if let Err(error) = go_through(&here.ops, &actor, &carried).await {
            tracing::error!(%error, list = %carried, "a list of move-ins stopped half-way");
        }
    });
    Ok(go(&format!("/moves/lists/{id}")))
}
