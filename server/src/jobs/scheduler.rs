//! The scheduler: asks for the runs that are due by themselves, and carries out runs batch by batch. Any number of servers
//! may do so over one database: a run is held by one of them, and taken up by another when that one dies.

use std::time::Duration;

use domain::ids::new_id;
use futures_util::future::BoxFuture;

use crate::db::DbError;
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{self, Claim, JobError};
use crate::store::kit::job_runs::{self, NewRun};

/// How often it looks for runs. A person who asked for one waits that long at most for it to begin.
const INTERVAL: Duration = Duration::from_secs(2);
/// Runs looked at in one go.
const AT_ONCE: i64 = 16;

/// A job: what its runs do.
pub trait Job: Send + Sync {
    /// Its name, in the rows of its runs.
    fn name(&self) -> &'static str;

    /// The runs that ought to exist by now without anybody asking. Asked again and again: an occasion that has a run
    /// already gets no other, and one that was missed while no server ran is returned late. None by itself.
    fn due<'a>(&'a self, ops: &'a Ops) -> BoxFuture<'a, Result<Vec<NewRun>, DbError>> {
        let _ = ops;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Does one batch in one transaction, which ends with [`Claim::advance`] or, when nothing is left, with
    /// [`Claim::finish`].
    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>>;
}

/// Looks for runs until it is stopped.
pub(super) async fn run(ops: Ops) {
    let (jobs, holder) = (super::all(), new_id(&*ops.clock));
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = run_due(&ops, &jobs, &holder).await {
            tracing::error!(%error, "looking for jobs");
        }
    }
}

/// Asks for what is due by itself, and carries out what is due: to the end, unless it fails or another server holds it.
/// How many runs came to their end.
///
/// # Errors
/// The database's. A job that fails is no error: that stands in its run.
pub async fn run_due(ops: &Ops, jobs: &[Box<dyn Job>], holder: &str) -> Result<usize, DbError> {
    for job in jobs {
        for run in job.due(ops).await? {
            // Nearly always it stands there: no write for that.
            let asked = job_runs::of_occasion(&mut *ops.db.read().await?, run.name, &run.occasion).await?;
            if asked.is_none() {
                job_run::ask(&ops.db, run).await?;
            }
        }
    }
    let due =
        job_runs::due(&mut *ops.db.read().await?, ops.clock.now_ms(), ops.clock.wall_ms(), AT_ONCE).await?;
    let mut ended = 0;
    for (id, name) in due {
        // A job of a newer version of this program is left to the servers that know it.
        let Some(job) = jobs.iter().find(|job| job.name() == name) else { continue };
        if let Some(claim) = job_run::claim(&ops.db, &*ops.clock, &id, holder).await? {
            ended += usize::from(carry_out(ops, job.as_ref(), claim).await?);
        }
    }
    Ok(ended)
}

/// Whether it came to its end.
async fn carry_out(ops: &Ops, job: &dyn Job, claim: Claim) -> Result<bool, DbError> {
    let mut claim = claim;
    loop {
        match job.step(ops, &claim).await {
            Ok(()) => {
                let id = claim.run.id.clone();
                match claim.renewed(&ops.db, &*ops.clock).await? {
                    Some(renewed) => claim = renewed,
                    None => {
                        let run = job_runs::get(&mut *ops.db.read().await?, &id).await?;
                        return Ok(run.is_some_and(|run| run.finished_ms.is_some()));
                    }
                }
            }
            Err(JobError::ClaimLost) => return Ok(false),
            Err(error) => {
                tracing::error!(job = job.name(), run = %claim.run.id, %error, "a batch of a job failed");
                claim.stumble(&ops.db, &*ops.clock, &error).await?;
                return Ok(false);
            }
        }
    }
}
