//! Runs of jobs: asked for once an occasion, claimed by one server at a time, advanced batch by batch.

use std::str::FromStr;

use domain::ids::{JobRunId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Not begun.
    Waiting,
    /// Begun; a server is at it, or another will take it up.
    Running,
    /// Complete.
    Done,
    /// Given up after too many attempts.
    Failed,
}

impl JobState {
    /// Whether there is nothing more to come of it by itself.
    #[must_use]
    pub fn over(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

impl FromStr for JobState {
    type Err = DbError;

    fn from_str(text: &str) -> Result<Self, DbError> {
        Ok(match text {
            "waiting" => Self::Waiting,
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => return Err(DbError::Corrupt(format!("job state {text:?}"))),
        })
    }
}

impl TryFrom<String> for JobState {
    type Error = DbError;

    fn try_from(text: String) -> Result<Self, DbError> {
        text.parse()
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRun {
    /// Its id.
    pub id: JobRunId,
    /// Of which job.
    pub name: String,
    /// Which run of it: each occasion is run once.
    pub occasion: String,
    /// From when on it may run, site time.
    pub due_ms: i64,
    /// What was asked for, as the job writes it.
    pub request: String,
    /// Who asked; `None` when it runs by itself.
    pub asked_by: Option<UserId>,
    /// When it was asked for, site time.
    pub created_ms: i64,
    /// How it stands.
    #[sqlx(try_from = "String")]
    pub state: JobState,
    /// Batches written.
    pub batches: i64,
    /// Where the next batch begins, as the job writes it; empty at first.
    pub position: String,
    /// How much is done, in the job's own unit.
    pub done: i64,
    /// Of how much; 0 while that is not known.
    pub total: i64,
    /// What came of it so far, as the job writes it.
    pub report: String,
    /// Attempts in a row that failed.
    pub failures: i64,
    /// Why the last one did.
    pub error: Option<String>,
    /// When it was begun, site time.
    pub started_ms: Option<i64>,
    /// When it was over, site time.
    pub finished_ms: Option<i64>,
}

/// A run to be.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its id.
    pub id: JobRunId,
    /// Of which job.
    pub name: &'static str,
    /// Which run of it.
    pub occasion: String,
    /// From when on it may run, site time.
    pub due_ms: i64,
    /// What is asked for.
    pub request: String,
    /// Who asks.
    pub asked_by: Option<UserId>,
    /// Now, site time.
    pub created_ms: i64,
}

/// How far a run has come with a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where the next batch begins.
    pub position: String,
    /// How much is done.
    pub done: i64,
    /// Of how much.
    pub total: i64,
    /// What came of it so far.
    pub report: String,
}

macro_rules! run {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, occasion, due_ms, request, asked_by, created_ms, state, batches, position, done, total,
                    report, failures, error, started_ms, finished_ms FROM job_runs ",
            $rest
        )
    };
}

/// Asks for a run; `false` when that occasion has one already.
pub async fn ask(conn: &mut AnyConnection, run: &NewRun) -> Result<bool, DbError> {
    let done = sql!(
        "INSERT INTO job_runs (id, name, occasion, due_ms, request, asked_by, created_ms, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting') ON CONFLICT (name, occasion) DO NOTHING",
        run.id.as_str(),
        run.name,
        run.occasion.as_str(),
        run.due_ms,
        run.request.as_str(),
        run.asked_by.as_ref().map(UserId::as_str),
        run.created_ms,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A run.
pub async fn get(conn: &mut AnyConnection, id: &JobRunId) -> Result<Option<JobRun>, DbError> {
    Ok(sql_as!(JobRun, run!("WHERE id = $1"), id.as_str()).fetch_optional(conn).await?)
}

/// The run of an occasion.
pub async fn of_occasion(
    conn: &mut AnyConnection,
    name: &str,
    occasion: &str,
) -> Result<Option<JobRun>, DbError> {
    let run = sql_as!(JobRun, run!("WHERE name = $1 AND occasion = $2"), name, occasion);
    Ok(run.fetch_optional(conn).await?)
}

/// The latest runs of a job, the newest first.
pub async fn latest(conn: &mut AnyConnection, name: &str, limit: i64) -> Result<Vec<JobRun>, DbError> {
    let runs =
        sql_as!(JobRun, run!("WHERE name = $1 ORDER BY created_ms DESC, id DESC LIMIT $2"), name, limit);
    Ok(runs.fetch_all(conn).await?)
}

/// The latest runs of a job whose occasions begin with a subject's id, the newest first.
pub async fn latest_of_subject(
    conn: &mut AnyConnection,
    name: &str,
    subject: &str,
    limit: i64,
) -> Result<Vec<JobRun>, DbError> {
    let like = format!("{subject}-%");
    let runs = sql_as!(
        JobRun,
        run!("WHERE name = $1 AND occasion LIKE $2 ORDER BY created_ms DESC, id DESC LIMIT $3"),
        name,
        like,
        limit,
    );
    Ok(runs.fetch_all(conn).await?)
}

/// The ids of runs that are due and that no server is at, the longest due first.
pub async fn due(
    conn: &mut AnyConnection,
    now_ms: i64,
    wall_ms: i64,
    limit: i64,
) -> Result<Vec<(JobRunId, String)>, DbError> {
    let rows = sql_as!(
        (JobRunId, String),
        "SELECT id, name FROM job_runs
         WHERE state IN ('waiting', 'running') AND due_ms <= $1 AND lease_until_ms <= $2
         ORDER BY due_ms, id LIMIT $3",
        now_ms,
        wall_ms,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Claims a run that no server is at; `false` when one is, or when it is over.
pub async fn claim(
    conn: &mut AnyConnection,
    id: &JobRunId,
    holder: &str,
    now_ms: i64,
    (wall_ms, lease_until_ms): (i64, i64),
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE job_runs SET state = 'running', holder = $1, lease_until_ms = $2, started_ms = COALESCE(started_ms, $3)
         WHERE id = $4 AND state IN ('waiting', 'running') AND lease_until_ms <= $5",
        holder,
        lease_until_ms,
        now_ms,
        id.as_str(),
        wall_ms,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes how far a run has come, in the transaction of its batch. `batches` is how many were written before; `false` when
/// that has changed or the run is another server's by now: the batch must not be written then. With `finished_ms` the run
/// is over.
pub async fn advance(
    conn: &mut AnyConnection,
    id: &JobRunId,
    (holder, batches): (&str, i64),
    progress: &Progress,
    lease_until_ms: i64,
    finished_ms: Option<i64>,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE job_runs SET position = $1, done = $2, total = $3, report = $4, batches = batches + 1, failures = 0,
             error = NULL, lease_until_ms = $5, finished_ms = $6,
             state = CASE WHEN CAST($6 AS BIGINT) IS NULL THEN 'running' ELSE 'done' END
         WHERE id = $7 AND holder = $8 AND batches = $9 AND state = 'running'",
        progress.position.as_str(),
        progress.done,
        progress.total,
        progress.report.as_str(),
        lease_until_ms,
        finished_ms,
        id.as_str(),
        holder,
        batches,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that an attempt failed: the run is let go until `retry_ms` (wall time), or for good when `finished_ms` is given.
pub async fn stumble(
    conn: &mut AnyConnection,
    id: &JobRunId,
    holder: &str,
    error: &str,
    retry_ms: i64,
    finished_ms: Option<i64>,
) -> Result<(), DbError> {
    sql!(
        "UPDATE job_runs SET failures = failures + 1, error = $1, lease_until_ms = $2, holder = NULL, finished_ms = $3,
             state = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN 'running' ELSE 'failed' END
         WHERE id = $4 AND holder = $5 AND state = 'running'",
        error,
        retry_ms,
        finished_ms,
        id.as_str(),
        holder,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes runs that came to their end before a moment; how many. Those that were given up stay: somebody may go on.
pub async fn forget(conn: &mut AnyConnection, before_ms: i64) -> Result<u64, DbError> {
    let done = sql!("DELETE FROM job_runs WHERE state = 'done' AND finished_ms < $1", before_ms);
    Ok(done.execute(conn).await?.rows_affected())
}

/// Makes somebody else stand behind a run.
pub async fn take_over(conn: &mut AnyConnection, id: &JobRunId, by: &UserId) -> Result<(), DbError> {
    sql!("UPDATE job_runs SET asked_by = $1 WHERE id = $2", by.as_str(), id.as_str()).execute(conn).await?;
    Ok(())
}

/// Lets a run that was given up be taken up again where it stopped; `false` when it was not given up.
pub async fn revive(conn: &mut AnyConnection, id: &JobRunId) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE job_runs SET state = 'waiting', failures = 0, finished_ms = NULL, lease_until_ms = 0
         WHERE id = $1 AND state = 'failed'",
        id.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
