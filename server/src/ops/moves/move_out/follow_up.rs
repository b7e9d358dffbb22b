//! What follows from closings by itself: credit is carried over to new rooms, the departures of a list are settled, and
//! readings entered by hand are held against what their meters say.

use domain::clock::Clock;
use domain::ids::OperationId;

use super::adjust::hold_against;
use super::carry::carry;
use super::graduation::settle_one;
use crate::db::Db;
use crate::ops::kit::OpError;
use crate::ops::kit::mandate::schedule;
use crate::store::moves::{departure_runs, departures};

/// The name under which the house follows departures up.
const JOB: &str = "follow-departures-up";
/// Departures read at a time.
const AT_ONCE: i64 = 100;

/// Does what can be done now. One that fails is logged, stays as it was, and keeps none of the others. Whether credit was
/// carried over, so that it is to be delivered.
///
/// # Errors
/// The database's.
pub async fn follow_up(db: &Db, clock: &dyn Clock) -> Result<bool, OpError> {
    let carried = carry_over(db, clock).await?;
    settle_listed(db, clock).await?;
    check_entered(db, clock).await?;
    Ok(carried)
}

async fn carry_over(db: &Db, clock: &dyn Clock) -> Result<bool, OpError> {
    let (house, mut carried, mut failed) = (schedule(JOB), false, 0);
    loop {
        let due = departures::to_carry(&mut *db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(carried);
        }
        for id in &due {
            match carry(db, clock, &house, id).await {
                Ok(()) => carried = true,
                Err(error) => {
                    failed += 1;
                    not_done(id, &error, "credit cannot be carried over");
                }
            }
        }
    }
}

async fn settle_listed(db: &Db, clock: &dyn Clock) -> Result<(), OpError> {
    let mut failed = 0;
    loop {
        let due = departure_runs::to_settle(&mut *db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        for one in &due {
            if let Err(error) = settle_one(db, clock, one).await {
                failed += 1;
                not_done(&one.departure_id, &error, "cannot be settled");
            }
        }
    }
}

async fn check_entered(db: &Db, clock: &dyn Clock) -> Result<(), OpError> {
    let (house, mut failed) = (schedule(JOB), 0);
    loop {
        let due = departures::to_hold_against(&mut *db.read().await?, failed, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        for id in &due {
            if let Err(error) = hold_against(db, clock, &house, id).await {
                failed += 1;
                not_done(id, &error, "an entered reading cannot be checked");
            }
        }
    }
}

fn not_done(departure: &OperationId, error: &OpError, what: &str) {
    match error {
        // A person finds the reading among those that were held.
        OpError::ReadingHeld => tracing::info!(%departure, "a last reading waits for a decision"),
        // The list says so, and that somebody else can go on with it.
        OpError::NoMandate | OpError::Forbidden => {
            tracing::debug!(%departure, "nobody stands behind the list")
        }
        error => tracing::error!(%departure, %error, "{what}"),
    }
}
