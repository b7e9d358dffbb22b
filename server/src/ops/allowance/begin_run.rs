//! Beginning a run of a rule: by its schedule, or by hand.

use domain::actor::Actor;
use domain::ids::RuleId;
use domain::month::Month;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::job_run::asked_by_operation;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::allowance::runs::{self, NewRun};
use crate::store::allowance::{self, Rule};
use crate::store::kit::job_runs;
use crate::store::places::site;

/// Why no run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRun {
    /// There is no such rule.
    #[error("no such rule")]
    NoRule,
    /// It is not the month that runs.
    #[error("it is not the month that runs")]
    OtherMonth,
}

refusals!(NoRun);

/// A run that somebody wants now.
#[derive(Clone, Debug, Serialize)]
pub struct RunByHand {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The rule.
    pub rule: RuleId,
    /// The month, such as `2026-09`.
    pub period: String,
}

/// Begins the run of a rule for this month, or looks at every room again if there was one. The job does the work.
/// Nobody gets twice.
impl Verb for RunByHand {
    const NAME: &'static str = "run-allowance";
    const WAKES: bool = false;
    type Refusal = NoRun;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.rule.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoRun> {
        async move {
            let zone = site::required(conn).await?.zone();
            let month = Month::of(operation.at_ms, &zone);
            if month.to_string() != self.period {
                return Err(NoRun::OtherMonth.into());
            }
            if !begin(conn, operation, &self.rule, month).await? {
                runs::restart(conn, &self.rule, &self.period).await?;
            }
            let job = asked_by_operation(operation, super::JOB, operation.id.to_string(), String::new());
            job_runs::ask(conn, &job).await?;
            Ok(())
        }
        .boxed()
    }
}

/// A run that is due.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RunDue {
    /// One a month: of two servers, one begins.
    #[serde(skip)]
    pub(super) key: Key,
    pub(super) rule: RuleId,
    #[serde(serialize_with = "as_text")]
    pub(super) month: Month,
}

fn as_text<S: serde::Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(month)
}

/// Begins it unless there is one.
impl Verb for RunDue {
    const NAME: &'static str = "run-allowance";
    const WAKES: bool = false;
    type Refusal = NoRun;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.rule.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoRun> {
        async move { begin(conn, operation, &self.rule, self.month).await.map(drop) }.boxed()
    }
}

/// Begins a run unless there is one; `true` when it was this call that did.
async fn begin(
    conn: &mut AnyConnection,
    operation: &Operation,
    rule: &RuleId,
    month: Month,
) -> Result<bool, Refused<NoRun>> {
    let rule = allowance::get(conn, rule).await?.ok_or(NoRun::NoRule)?;
    let run = run_of(conn, operation, &rule, month).await?;
    Ok(runs::start(conn, &run).await?)
}

async fn run_of(
    conn: &mut AnyConnection,
    operation: &Operation,
    rule: &Rule,
    month: Month,
) -> Result<NewRun, DbError> {
    let zone = site::required(conn).await?.zone();
    Ok(NewRun {
        rule_id: rule.id.clone(),
        period: month.to_string(),
        days_ms: month.days_ms(&zone),
        month_until_ms: month.next().from_ms(&zone),
        due_ms: rule.calendar.due_ms(month, &zone),
        started_ms: operation.at_ms,
        started_by: operation.by.id().0,
    })
}
