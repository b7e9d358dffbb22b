//! A person's judgement on a reading that was held: it is right, or it is wrong.
//!
//! Whatever is decided, the books and the meter agree afterwards. A jump that is accepted is billed; one that is rejected
//! is not: what the meter wrongly counted is credited again. A total that went back and is accepted goes on from there:
//! what the meter wrongly gave again is debited; one that is rejected is waited out. A meter that reads well again by
//! itself needs neither.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{QuarantineId, UserId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::recognise_consumption::{Books, ReadingHeld, Standing};
use crate::db::{Db, DbError};
use crate::store::books::purses;
use crate::store::books::quarantines::{self, Decision, Quarantine};
use crate::store::books::recognition;
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::meters::households;

/// The longest note, in characters.
pub const MAX_NOTE: usize = 200;

/// A judgement.
#[derive(Clone, Debug, Serialize)]
pub struct JudgeReading {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The held reading.
    pub quarantine_id: QuarantineId,
    /// Right or wrong.
    pub decision: Decision,
    /// Why.
    pub note: String,
}

/// Writes the judgement and what follows from it.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::Decided`], [`OpError::ReadingOutdated`] when an accepted
/// reading is not what the meter says any more, [`OpError::Invalid`] with field `note`, [`OpError::KeyReused`],
/// [`OpError::OutOfRange`] with field `energy` when the meter can't be credited that much.
pub async fn judge(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: JudgeReading,
) -> Result<Outcome, OpError> {
    require(actor, Action::JudgeReadings)?;
    request.note = OpError::text("note", &request.note, MAX_NOTE)?;
    let subject = request.quarantine_id.to_string();
    let operation = Operation::new(clock, actor, "judge-reading", &request.key, &subject, &request)?;
    let by = actor.id();
    operation
        .run(db, (request, by), |operation, (request, by), conn| write(operation, request, by, conn).boxed())
        .await
}

async fn write(
    operation: &Operation,
    request: &JudgeReading,
    by: &UserId,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let id = &request.quarantine_id;
    let held = quarantines::get(conn, id).await?.ok_or(OpError::NotFound("reading"))?;
    let books = Books::open(conn, &operation.id, operation.at_ms, 0).await?;
    let standing = books.standing(conn, &held.tenancy_id).await?;
    if !quarantines::decide(conn, id, request.decision, by, operation.at_ms, &request.note).await? {
        return Err(OpError::Decided);
    }
    // Once its epoch is closed, what was read last is all there is.
    let stands = held.now_used_wh.is_none_or(|used_wh| held.holds(used_wh));
    match (request.decision, stands) {
        (Decision::Accepted, false) => Err(OpError::ReadingOutdated),
        (Decision::Accepted, true) if held.backwards() => go_on_from(operation, &held, standing, conn).await,
        (Decision::Accepted, true) => {
            let last = (held.to_used_wh, held.seen_ms);
            let reading =
                recognition::closing(conn, &held.household_id, &held.tenancy_id, held.epoch, last).await?;
            let reading = reading.ok_or(OpError::NotFound("tenancy"))?;
            let booked = books.book(conn, &reading, standing).await;
            booked.map_err(|refused| OpError::from(refused.map(|ReadingHeld| OpError::ReadingOutdated)))?;
            Ok(())
        }
        (Decision::Rejected, true) if !held.backwards() => go_on_from(operation, &held, standing, conn).await,
        // It was a slip of the meter, or it is waited out.
        (Decision::Rejected, _) => Ok(()),
    }
}

/// Goes on counting from the held total without billing: the meter's credit is made good for the difference.
async fn go_on_from(
    operation: &Operation,
    held: &Quarantine,
    mut standing: Standing,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let counted_wh = held.to_used_wh - standing.purse.used_wh;
    let purse = Account::Purse(held.tenancy_id.clone());
    let moved = [
        Transfer::new(purse.clone(), Account::Consumed, counted_wh),
        Transfer::new(Account::Adjusted, purse, counted_wh),
    ];
    transfers::record(conn, &operation.id, 0, &moved).await?;
    standing.purse.used_wh = held.to_used_wh;
    standing.purse.seen_ms = standing.purse.seen_ms.max(held.seen_ms);
    purses::put(conn, &held.tenancy_id, &standing.purse).await?;
    // A household that has gone on to another tenancy has no credit of this one left to correct.
    let (household, tenancy) = (&held.household_id, &held.tenancy_id);
    match households::correct(conn, household, tenancy, counted_wh, -counted_wh).await {
        Ok(_) => Ok(()),
        // The meter keeps totals in 32 bits; the schema refuses what would not fit.
        Err(DbError::Constraint(_)) => {
            Err(OpError::OutOfRange { field: "energy", min: 0, max: u32::MAX.into() })
        }
        Err(error) => Err(error.into()),
    }
}
