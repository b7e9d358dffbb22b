//! What follows from closings by itself: credit is carried over to new rooms, the departures of a list are settled, and
//! readings entered by hand are held against what their meters say.

use domain::ids::OperationId;

use super::adjust::hold_against;
use super::carry::carry;
use super::graduation::settle_one;
use crate::db::DbError;
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{self, JobError};
use crate::ops::kit::mandate::schedule;
use crate::store::moves::{departure_runs, departures};

/// The name under which the house follows departures up.
const JOB: &str = "follow-departures-up";
/// Departures read at a time.
const AT_ONCE: i64 = 100;

/// Does what can be done now. One that fails is logged, stays as it was, and keeps none of the others. Whether credit was
/// carried over.
///
/// # Errors
/// The database's.
pub async fn follow_up(ops: &Ops) -> Result<bool, DbError> {
    let carried = carry_over(ops).await?;
    settle_listed(ops).await?;
    check_entered(ops).await?;
    Ok(carried)
}

async fn carry_over(ops: &Ops) -> Result<bool, DbError> {
    let (house, mut carried, mut failed) = (schedule(JOB), false, 0);
    loop {
        let due = departures::to_carry(&mut *ops.db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(carried);
        }
        for id in &due {
            match carry(ops, &house, id).await {
                Ok(()) => carried = true,
                Err(error) => {
                    failed += 1;
                    not_done(id, &job_run::failed(error), "credit cannot be carried over");
                }
            }
        }
    }
}

async fn settle_listed(ops: &Ops) -> Result<(), DbError> {
    let mut failed = 0;
    loop {
        let due = departure_runs::to_settle(&mut *ops.db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        for one in &due {
            if let Err(error) = settle_one(ops, one).await {
                failed += 1;
                not_done(&one.departure_id, &error, "cannot be settled");
            }
        }
    }
}

async fn check_entered(ops: &Ops) -> Result<(), DbError> {
    let (house, mut failed) = (schedule(JOB), 0);
    loop {
        let due = departures::to_hold_against(&mut *ops.db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        for id in &due {
            if let Err(error) = hold_against(ops, &house, id).await {
                failed += 1;
                not_done(id, &job_run::failed(error), "an entered reading cannot be checked");
            }
        }
    }
}

fn not_done(departure: &OperationId, error: &JobError, what: &str) {
    match error {
        // The list says so, and that somebody else can go on with it.
        JobError::NoMandate => tracing::debug!(%departure, "nobody stands behind the list"),
        // A person finds the reading among those that were held, or the meter has yet to speak.
        JobError::Refused(why) => tracing::info!(%departure, why, "{what}"),
        error => tracing::error!(%departure, %error, "{what}"),
    }
}
