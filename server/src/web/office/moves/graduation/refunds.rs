//! What the page of a list shows of its refunds, and of the runs over all of them.

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use words::Lang;

use crate::db::Connection;
use crate::ops::moves::move_out::{BULK, Bulk, BulkReport, BulkRequest};
use crate::reads::kit::job_runs::{self, JobRun, JobState};
use crate::reads::moves::settlements::{self, Standing};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;

/// Runs over a list's refunds that are shown, the latest.
const MOST_RUNS: i64 = 3;

/// What the page shows of a list's refunds.
pub(super) struct Refunds {
    pub(super) standing: Standing,
    pub(super) can_approve: bool,
    pub(super) can_pay: bool,
    pub(super) runs: Vec<BulkRun>,
}

impl Refunds {
    /// Whether the page changes by itself.
    pub(super) fn running(&self) -> bool {
        self.runs.iter().any(|run| !run.state.over())
    }

    /// How many there are to approve for the viewer, and their sum.
    pub(super) fn to_approve(&self) -> (i64, i64) {
        Bulk::Approve.of(&self.standing)
    }
}

/// One action on all refunds.
pub(super) struct BulkRun {
    pub(super) title: &'static str,
    pub(super) asked_ms: i64,
    pub(super) state: JobState,
    pub(super) done: i64,
    pub(super) total: i64,
    /// What came of it.
    pub(super) lines: Vec<String>,
}

pub(super) async fn read(
    conn: &mut Connection,
    t: Lang,
    f: &Format,
    list: &OperationId,
    viewer: &Actor,
) -> Result<Refunds, WebError> {
    let runs = job_runs::latest_of_subject(conn, BULK, list.as_str(), MOST_RUNS).await?;
    Ok(Refunds {
        standing: settlements::standing(conn, list, &viewer.id()).await?,
        can_approve: viewer.may(Action::MoveOut),
        can_pay: viewer.may(Action::PayRefund),
        runs: runs.into_iter().filter_map(|run| bulk_run(t, f, run)).collect(),
    })
}

fn bulk_run(t: Lang, f: &Format, run: JobRun) -> Option<BulkRun> {
    let request: BulkRequest = serde_json::from_str(&run.request).ok()?;
    let report: BulkReport = serde_json::from_str(&run.report).unwrap_or_default();
    let title = match request.what {
        Bulk::Approve => t.refunds_run_approve(),
        Bulk::Bank => t.refunds_run_bank(),
        Bulk::Cash => t.refunds_run_cash(),
    };
    let mut lines = Vec::new();
    if report.done > 0 || run.state == JobState::Done {
        lines.push(t.refunds_done(report.done, f.money(&report.minor)));
    }
    let left_out = [
        (report.own, t.refunds_own()),
        (report.unapproved, t.refunds_unapproved()),
        (report.unknown, t.refunds_unknown()),
        (report.short, t.refunds_short()),
        (report.failed, t.refunds_failed()),
    ];
    let said = left_out.into_iter().filter(|(count, _)| *count > 0);
    lines.extend(said.map(|(count, why)| t.refunds_left_out(count, why)));
    if run.state == JobState::Failed {
        lines.push(t.refunds_stopped().to_owned());
    }
    Some(BulkRun {
        title,
        asked_ms: run.created_ms,
        state: run.state,
        done: run.done,
        total: run.total,
        lines,
    })
}
