//! `/moves/runs/{id}`: how far a run has come, what it could not do by itself, and its statements.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use domain::rights::Action;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use paper::Kind;
use words::Lang;

use super::refunds::{self, Refunds};
use crate::ops::kit::Key;
use crate::ops::moves::move_out::{GRADUATION, GoOn, NoSuchList, has_mandate};
use crate::reads::kit::job_runs::{self, JobState};
use crate::reads::moves::departure_runs::{self, Item, Run};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::status::Look;
use crate::web::kit::visitor::Visitor;

/// Rooms that are listed; more are counted. Exceptions are listed all.
const MOST_SHOWN: usize = 500;
/// Statements in one file.
const ONE_FILE: i64 = 1_000;

/// `graduation_run.html`.
#[derive(Template)]
#[template(path = "office/moves/graduation_run.html")]
pub(super) struct RunPage {
    t: Lang,
    page: Page,
    f: Format,
    run: Run,
    tally: Tally,
    /// Why it does not go on by itself.
    stuck: Option<&'static str>,
    exceptions: Vec<(Item, String)>,
    items: Vec<(Item, Look)>,
    more: usize,
    key: String,
    trouble: Option<String>,
    /// What is wrong with a file, by row.
    problems: Vec<(usize, String)>,
    refunds: Refunds,
    can_move_out: bool,
    /// The statements' numbers, a file each: from, to.
    statements: Vec<(i64, i64)>,
}

/// How many stand how.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    total: usize,
    asked: usize,
    settled: usize,
    failed: usize,
    refund_minor: i64,
}

impl Tally {
    fn of(items: &[Item]) -> Self {
        let count = |state: &str| items.iter().filter(|item| item.state == state).count();
        Self {
            total: items.len(),
            asked: count("asked"),
            settled: count("settled"),
            failed: count("failed"),
            refund_minor: items.iter().filter_map(|item| item.refund_minor).sum(),
        }
    }

    fn done(&self) -> usize {
        self.settled + self.failed
    }

    fn over(&self) -> bool {
        self.done() >= self.total
    }
}

impl RunPage {
    fn numbered(&self, number: &i64) -> String {
        Kind::RefundStatement.numbered(*number)
    }

    /// Whether the page changes by itself.
    fn moves_on(&self) -> bool {
        !self.tally.over() || self.refunds.running()
    }
}

/// What a person has to see to, if anything.
pub(super) fn exception(t: Lang, f: &Format, item: &Item) -> Option<String> {
    let words = match (item.state.as_str(), item.problem.as_str()) {
        ("failed", "moved-out") => t.graduation_gone(),
        ("failed", "changed") => t.graduation_others(),
        ("failed", "awaits-credit") => t.graduation_awaits_credit(),
        ("failed", _) => t.graduation_failed(),
        ("asked", _) if item.held == 1 => t.graduation_held(),
        ("asked", _) if item.dark == 1 => t.graduation_dark(),
        ("settled", _) if item.unapproved == 1 => t.graduation_unapproved(),
        ("settled", _) if item.overdraft_wh > 0 => {
            return Some(t.graduation_overdraft(f.kwh_exact(&item.overdraft_wh)));
        }
        _ => return None,
    };
    Some(words.to_owned())
}

fn look(t: Lang, item: &Item) -> Look {
    let (class, icon, word) = match item.state.as_str() {
        "waiting" => ("off", "todo", t.graduation_queued()),
        "asked" => ("pending", "pending", t.stage_waiting()),
        "settled" if item.unapproved == 1 => ("low", "check", t.stage_to_approve()),
        "settled" => ("on", "done", t.settled_title()),
        _ => ("out", "error", t.graduation_left_out()),
    };
    Look { class, icon, word }
}

/// Numbers as ranges without gaps, none longer than one file of statements.
fn ranges(numbers: impl Iterator<Item = i64>) -> Vec<(i64, i64)> {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    let mut found: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match found.last_mut() {
            Some((first, last)) if *last + 1 == number && number - *first < ONE_FILE => *last = number,
            _ => found.push((number, number)),
        }
    }
    found
}

pub(super) fn run_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    id: &'a OperationId,
    trouble: Option<String>,
    problems: Vec<(usize, String)>,
) -> BoxFuture<'a, Result<RunPage, WebError>> {
    async move {
        let (t, actor) = (visitor.lang, visitor.actor()?);
        let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
        let mut conn = app.db.read().await?;
        let run = departure_runs::get(&mut conn, id).await?.ok_or(WebError::NotFound)?;
        let items = departure_runs::items(&mut conn, id).await?;
        let job = job_runs::of_occasion(&mut conn, GRADUATION, id.as_str()).await?;
        let refunds = refunds::read(&mut conn, t, &f, id, actor).await?;
        drop(conn);
        let tally = Tally::of(&items);
        let stuck = match &job {
            Some(job) if !tally.over() && !has_mandate(&app.db, job).await? => {
                Some(t.graduation_no_mandate())
            }
            Some(job) if job.state == JobState::Failed => Some(t.graduation_stuck()),
            _ => None,
        };
        let exceptions = items.iter().filter_map(|item| Some((item.clone(), exception(t, &f, item)?)));
        let exceptions = exceptions.collect();
        let statements = ranges(items.iter().filter_map(|item| item.number));
        let more = items.len().saturating_sub(MOST_SHOWN);
        let looks = items.into_iter().take(MOST_SHOWN).map(|item| {
            let look = look(t, &item);
            (item, look)
        });
        Ok(RunPage {
            t,
            page: Page::new(app, visitor, run.label.clone()),
            stuck,
            tally,
            exceptions,
            items: looks.collect(),
            more,
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
            trouble,
            problems,
            refunds,
            can_move_out: actor.may(Action::MoveOut),
            statements,
            run,
            f,
        })
    }
    .boxed()
}

/// `GET /moves/runs/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    show(&run_page(&app, &visitor, &id, None, Vec::new()).await?)
}

/// `POST /moves/runs/{id}/going-on`: goes on with a run that was given up.
///
/// # Errors
/// [`WebError::NotFound`] without such a run.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    match app.ops.perform(visitor.actor()?, GoOn { key: app.ops.key(), list: id.clone() }).await {
        Ok(_) => Ok(go(&format!("/moves/runs/{id}"))),
        Err(refused) => {
            let NoSuchList = because(refused)?;
            Err(WebError::NotFound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_gaps_are_one_range() {
        assert_eq!(ranges([3, 1, 2, 7, 6].into_iter()), [(1, 3), (6, 7)]);
        assert_eq!(ranges(std::iter::empty()), []);
        assert_eq!(ranges(1..=2_500), [(1, 1_000), (1_001, 2_000), (2_001, 2_500)]);
    }
}
