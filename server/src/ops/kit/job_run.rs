//! A run of a job as its batches see it: claimed, advanced together with what the batch writes, let go after a failure.

use std::fmt::Display;

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::JobRunId;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use super::mandate;
use super::operation::Operation;
use super::{Key, NotAKey, Refused, refusals};
use crate::db::{Db, DbError};
use crate::store::kit::job_runs::{self, JobRun, NewRun, Progress};

/// How long a server keeps a run without writing a batch, before another takes it up: many times what a batch takes.
const LEASE_MS: i64 = 60_000;
/// Attempts in a row that fail before a run is given up.
pub const ATTEMPTS: i64 = 8;
/// The wait after the first failed attempt; doubled after each further one.
const FIRST_WAIT_MS: i64 = 5_000;

/// Why a batch of a job was not written.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another server has taken the run up: the batch is its.
    #[error("another server has taken this run up")]
    ClaimLost,
    /// Whoever asked for it may not sign in any more, or not do it.
    #[error("whoever asked for it may not do it any more")]
    NoMandate,
    /// A subject's refusal, in its words.
    #[error("{0}")]
    Refused(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Another server has taken the run up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("another server has taken this run up")]
pub struct ClaimLost;

refusals!(ClaimLost);

impl From<Refused<ClaimLost>> for JobError {
    fn from(refused: Refused<ClaimLost>) -> Self {
        match refused {
            Refused::Because(ClaimLost) => Self::ClaimLost,
            other => failed(other),
        }
    }
}

/// A verb's refusal that a job has no answer to.
pub fn failed<R: Display>(refused: Refused<R>) -> JobError {
    match refused {
        Refused::Forbidden => JobError::NoMandate,
        Refused::Db(error) => JobError::Db(error),
        other @ (Refused::KeyReused | Refused::Because(_)) => JobError::Refused(other.to_string()),
    }
}

/// A run that this server holds.
#[derive(Clone, Debug)]
pub struct Claim {
    /// As it stands: what was asked for, where the next batch begins.
    pub run: JobRun,
    holder: String,
    lease_until_ms: i64,
}

/// A run of `name` for `occasion`, due at once unless its time is yet to come. To be asked for within another
/// operation's transaction with [`job_runs::ask`], or by [`ask`].
#[must_use]
pub fn new_run(
    clock: &dyn Clock,
    name: &'static str,
    occasion: String,
    due_ms: i64,
    request: String,
) -> NewRun {
    let id = JobRunId::new(clock);
    NewRun { id, name, occasion, due_ms, request, asked_by: None, created_ms: clock.now_ms() }
}

/// A run that an operation asks for, due at once; nobody's but the house's until `asked_by` says so.
pub(crate) fn asked_by_operation(
    operation: &Operation,
    name: &'static str,
    occasion: String,
    request: String,
) -> NewRun {
    let (id, at_ms) = (JobRunId(operation.new_id()), operation.at_ms);
    NewRun { id, name, occasion, due_ms: at_ms, request, asked_by: None, created_ms: at_ms }
}

/// Asks for a run, unless its occasion has one.
///
/// # Errors
/// The database's.
pub async fn ask(db: &Db, run: NewRun) -> Result<bool, DbError> {
    db.write(run, |run, conn| job_runs::ask(conn, run).boxed()).await
}

/// How long runs that came to their end are kept: longer than any that could be asked for again, and than a year's look
/// back. What they did stands in the books, which keep it for ever.
const KEPT_MS: i64 = 400 * 24 * 3_600_000;

/// Forgets runs that came to their end long ago; how many.
///
/// # Errors
/// The database's.
pub async fn forget_old(db: &Db, clock: &dyn Clock) -> Result<u64, DbError> {
    let before_ms = clock.now_ms() - KEPT_MS;
    db.write(before_ms, |before_ms, conn| job_runs::forget(conn, *before_ms).boxed()).await
}

/// Claims a run for `holder`, or goes on with one it holds; `None` when another server is at it or it is over.
///
/// # Errors
/// The database's.
pub async fn claim(
    db: &Db,
    clock: &dyn Clock,
    id: &JobRunId,
    holder: &str,
) -> Result<Option<Claim>, DbError> {
    let (now_ms, wall_ms) = (clock.now_ms(), clock.wall_ms());
    let lease_until_ms = wall_ms + LEASE_MS;
    let run = db
        .write((id.clone(), holder.to_owned()), move |(id, holder), conn| {
            async move {
                if !job_runs::claim(conn, id, holder, now_ms, (wall_ms, lease_until_ms)).await? {
                    return Ok(None);
                }
                job_runs::get(conn, id).await
            }
            .boxed()
        })
        .await?;
    Ok(run.map(|run| Claim { run, holder: holder.to_owned(), lease_until_ms }))
}

impl Claim {
    /// Whoever the job acts for: who asked for the run, as they are now, or the house by its schedule.
    ///
    /// # Errors
    /// [`JobError::NoMandate`] when who asked may not sign in any more; the database's.
    pub async fn mandate(&self, db: &Db, job: &'static str) -> Result<Actor, JobError> {
        match &self.run.asked_by {
            None => Ok(mandate::schedule(job)),
            Some(user) => mandate::of_user(db, user).await?.ok_or(JobError::NoMandate),
        }
    }

    /// The key of the next batch: the run's and the batch's, so that it can't be written twice.
    ///
    /// # Errors
    /// An id of a run that is none.
    pub fn key(&self) -> Result<Key, DbError> {
        let key = format!("job-{}-{}", self.run.id, self.run.batches);
        key.parse().map_err(|NotAKey| DbError::Corrupt(format!("the run {:?}", self.run.id)))
    }

    /// Writes how far the run has come, in the transaction of its batch.
    ///
    /// # Errors
    /// [`ClaimLost`] when another server has taken the run up: the batch is its.
    pub async fn advance(
        &self,
        conn: &mut AnyConnection,
        progress: &Progress,
    ) -> Result<(), Refused<ClaimLost>> {
        self.write(conn, progress, None).await
    }

    /// As [`Claim::advance`], for the last batch: the run is over.
    ///
    /// # Errors
    /// Those of [`Claim::advance`].
    pub async fn finish(
        &self,
        conn: &mut AnyConnection,
        progress: &Progress,
        now_ms: i64,
    ) -> Result<(), Refused<ClaimLost>> {
        self.write(conn, progress, Some(now_ms)).await
    }

    async fn write(
        &self,
        conn: &mut AnyConnection,
        progress: &Progress,
        finished_ms: Option<i64>,
    ) -> Result<(), Refused<ClaimLost>> {
        let held = (self.holder.as_str(), self.run.batches);
        let until_ms = self.lease_until_ms;
        if job_runs::advance(conn, &self.run.id, held, progress, until_ms, finished_ms).await? {
            Ok(())
        } else {
            Err(ClaimLost.into())
        }
    }

    /// Writes how far the run has come, in a transaction of its own; with `finished_ms` it is over.
    ///
    /// # Errors
    /// [`JobError::ClaimLost`]; the database's.
    pub async fn note(&self, db: &Db, progress: Progress, finished_ms: Option<i64>) -> Result<(), JobError> {
        let context = (self.clone(), progress);
        let noted = db
            .write(context, move |(claim, progress), conn| claim.write(conn, progress, finished_ms).boxed());
        Ok(noted.await?)
    }

    /// The same run with its lease renewed, as the last batch left it; `None` when it is over or lost.
    ///
    /// # Errors
    /// The database's.
    pub async fn renewed(self, db: &Db, clock: &dyn Clock) -> Result<Option<Self>, DbError> {
        let run = job_runs::get(&mut *db.read().await?, &self.run.id).await?;
        let lease_until_ms = clock.wall_ms() + LEASE_MS;
        // A batch that wrote nothing would be run for ever.
        let moved = run.filter(|run| run.batches > self.run.batches && !run.state.over());
        Ok(moved.map(|run| Self { run, lease_until_ms, ..self }))
    }

    /// Notes that the attempt failed, to be tried again later, or given up: after [`ATTEMPTS`], or at once when nobody
    /// stands behind the run any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn stumble(self, db: &Db, clock: &dyn Clock, error: &JobError) -> Result<(), DbError> {
        let failures = self.run.failures;
        let wait_ms = FIRST_WAIT_MS << failures.clamp(0, ATTEMPTS);
        let for_good = failures + 1 >= ATTEMPTS || matches!(error, JobError::NoMandate);
        let finished_ms = for_good.then(|| clock.now_ms());
        let retry_ms = clock.wall_ms() + wait_ms;
        db.write((self, error.to_string()), move |(claim, error), conn| {
            job_runs::stumble(conn, &claim.run.id, &claim.holder, error, retry_ms, finished_ms).boxed()
        })
        .await
    }
}
