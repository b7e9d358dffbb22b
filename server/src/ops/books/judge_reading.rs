//! A person's judgement on a reading that was held: it is right, or it is wrong.
//!
//! Whatever is decided, the books and the meter agree afterwards. A jump that is accepted is billed; one that is rejected
//! is not: what the meter wrongly counted is credited again. A total that went back and is accepted goes on from there:
//! what the meter wrongly gave again is debited; one that is rejected is waited out. A meter that reads well again by
//! itself needs neither.

use domain::actor::Actor;
use domain::ids::QuarantineId;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::recognise_consumption::{Books, ReadingHeld, Standing};
use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
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

/// Why a judgement is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoJudgement {
    /// There is no such reading.
    #[error("no such reading")]
    NoReading,
    /// Somebody has decided already.
    #[error("it has been decided already")]
    Decided,
    /// The meter reads otherwise by now than when the reading was held.
    #[error("the meter reads otherwise by now")]
    Outdated,
    /// The meter can't be credited that much.
    #[error("the meter can't be credited that much")]
    MeterFull,
    /// Something is wrong with the note.
    #[error("the note {0}")]
    Note(TextProblem),
}

refusals!(NoJudgement);

/// The judgement and what follows from it.
impl Verb for JudgeReading {
    const NAME: &'static str = "judge-reading";
    type Refusal = NoJudgement;

    fn right(&self) -> Action {
        Action::JudgeReadings
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.quarantine_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoJudgement> {
        self.note = text::required(&self.note, MAX_NOTE).map_err(NoJudgement::Note)?;
        Ok(())
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NoJudgement> {
        write(operation, self, conn).boxed()
    }
}

async fn write(
    operation: &Operation,
    request: &JudgeReading,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoJudgement>> {
    let id = &request.quarantine_id;
    let held = quarantines::get(conn, id).await?.ok_or(NoJudgement::NoReading)?;
    let books = Books::open(conn, &operation.id, operation.at_ms, 0).await?;
    let standing = books.standing(conn, &held.tenancy_id).await?;
    let by = operation.by.id();
    if !quarantines::decide(conn, id, request.decision, &by, operation.at_ms, &request.note).await? {
        return Err(NoJudgement::Decided.into());
    }
    // Once its epoch is closed, what was read last is all there is.
    let stands = held.now_used_wh.is_none_or(|used_wh| held.holds(used_wh));
    match (request.decision, stands) {
        (Decision::Accepted, false) => Err(NoJudgement::Outdated.into()),
        (Decision::Accepted, true) if held.backwards() => go_on_from(operation, &held, standing, conn).await,
        (Decision::Accepted, true) => {
            let last = (held.to_used_wh, held.seen_ms);
            let reading =
                recognition::closing(conn, &held.household_id, &held.tenancy_id, held.epoch, last).await?;
            let reading = reading.ok_or(NoJudgement::NoReading)?;
            let booked = books.book(conn, &reading, standing).await;
            booked.map_err(|refused| refused.map(|ReadingHeld| NoJudgement::Outdated))?;
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
) -> Result<(), Refused<NoJudgement>> {
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
        Err(DbError::Constraint(_)) => Err(NoJudgement::MeterFull.into()),
        Err(error) => Err(error.into()),
    }
}
