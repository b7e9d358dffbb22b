//! The refunds of a list in one action: approved by a second person, or paid by the list for the bank, or from the own
//! drawer. A job goes through them; each is an operation of its own with a key of its own, so that none is done twice.

use std::fmt::Display;

use domain::actor::Actor;
use domain::ids::{JobRunId, OperationId, UserId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::approve::{ApproveRefund, NoApproval};
use super::pay::{NotPaid, PayRequest, Way};
use crate::db::{Db, DbError};
use crate::ops::kit::job_run::{Claim, JobError, asked_by_operation, failed};
use crate::ops::kit::{Key, NotAKey, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::books::transfers::{self, Account};
use crate::store::desk::shifts;
use crate::store::kit::job_runs::{self, NewRun, Progress};
use crate::store::moves::departure_runs;
use crate::store::moves::settlements::{self, LargeRefund, ListedShare, Standing};

/// The job's name in the rows of its runs.
pub const BULK: &str = "graduation-refunds";
/// Refunds between two rows of the job's progress.
const BATCH: i64 = 50;

/// What is done with the refunds of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bulk {
    /// All that wait for it are approved, but for those that the same person settled.
    Approve,
    /// All that may be paid and whose bank account is known are put on the list for the bank.
    Bank,
    /// All that may be paid are paid from the drawer of whoever asks.
    Cash,
}

impl Bulk {
    const fn action(self) -> Action {
        match self {
            Self::Approve => Action::MoveOut,
            Self::Bank | Self::Cash => Action::PayRefund,
        }
    }

    /// How many there are for it, and how much they come to, in minor units.
    #[must_use]
    pub const fn of(self, standing: &Standing) -> (i64, i64) {
        match self {
            Self::Approve => {
                (standing.unapproved - standing.own, standing.unapproved_minor - standing.own_minor)
            }
            Self::Bank => (standing.bank, standing.bank_minor),
            Self::Cash => (standing.due, standing.due_minor),
        }
    }
}

/// What a run of the job is asked to do, as it stands in its row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BulkRequest {
    /// The list.
    pub list: String,
    /// What is done.
    pub what: Bulk,
}

/// What a run of the job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkReport {
    /// Approved or paid.
    pub done: i64,
    /// Their sum, in minor units.
    pub minor: i64,
    /// Left out: the same person settled them.
    pub own: i64,
    /// Left out: nobody has approved them.
    pub unapproved: i64,
    /// Left out: no bank account is known.
    pub unknown: i64,
    /// Left out: the drawer did not hold enough, or was closed meanwhile.
    pub short: i64,
    /// Left out for another reason; logged.
    pub failed: i64,
}

/// Why the refunds of a list are not approved or paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBulk {
    /// There is no such list.
    #[error("no such list")]
    NoList,
    /// There are none.
    #[error("there is nothing to be done")]
    Nothing,
    /// Whoever pays in cash has no shift open.
    #[error("no shift is open")]
    NoShift,
    /// There is not so much money in the drawer.
    #[error("the drawer holds {held_minor} minor units")]
    DrawerShort {
        /// What it holds, in minor units.
        held_minor: i64,
    },
}

refusals!(NoBulk);

/// What is to be done with the refunds of a list.
#[derive(Clone, Debug, Serialize)]
pub struct AskBulk {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The list.
    pub list: OperationId,
    /// What is done.
    pub what: Bulk,
}

/// Asks the job for it; only where there is something to do, and the money for it.
impl Verb for AskBulk {
    const NAME: &'static str = "bulk-refunds";
    const WAKES: bool = false;
    type Refusal = NoBulk;

    fn right(&self) -> Action {
        self.what.action()
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.list.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoBulk> {
        ask(operation, self, conn).boxed()
    }
}

async fn ask(
    operation: &Operation,
    request: &AskBulk,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoBulk>> {
    let (list, what, by) = (&request.list, request.what, operation.by.id());
    departure_runs::get(conn, list).await?.ok_or(NoBulk::NoList)?;
    let (count, minor) = what.of(&settlements::standing(conn, list, &by).await?);
    if count == 0 {
        return Err(NoBulk::Nothing.into());
    }
    if what == Bulk::Cash {
        drawer_holds(conn, &by, minor).await?;
    }
    let request = serde_json::to_string(&BulkRequest { list: list.0.clone(), what }).unwrap_or_default();
    let job = asked_by_operation(operation, BULK, format!("{list}-{}", operation.id), request);
    job_runs::ask(conn, &NewRun { asked_by: Some(by), ..job }).await?;
    Ok(())
}

/// It had better be known beforehand that the money does not suffice.
async fn drawer_holds(conn: &mut AnyConnection, by: &UserId, minor: i64) -> Result<(), Refused<NoBulk>> {
    let shift = shifts::open_of(conn, by).await?.ok_or(NoBulk::NoShift)?;
    let held_minor = -transfers::balance(conn, &Account::Drawer(shift.id)).await?;
    if held_minor < minor {
        Err(NoBulk::DrawerShort { held_minor: held_minor.max(0) }.into())
    } else {
        Ok(())
    }
}

/// One batch of the job: some refunds, each in its own transaction, then how far it has come. A batch that breaks off is gone
/// through again; what it did is found done, by the keys.
///
/// # Errors
/// The database's; [`JobError::ClaimLost`], [`JobError::NoMandate`].
pub async fn bulk_batch(ops: &Ops, claim: &Claim) -> Result<(), JobError> {
    let db = &ops.db;
    let run = &claim.run;
    let request: BulkRequest =
        serde_json::from_str(&run.request).map_err(|error| DbError::Corrupt(error.to_string()))?;
    let list = OperationId(request.list);
    let actor = claim.mandate(db, BULK).await?;
    if !actor.may(request.what.action()) {
        return Err(JobError::NoMandate);
    }
    let mut report: BulkReport = serde_json::from_str(&run.report).unwrap_or_default();
    let after = place(&run.position);
    let mut gone_through = GoneThrough { last: None, count: 0, all: true };
    match request.what {
        Bulk::Approve => {
            let due = settlements::large(&mut *db.read().await?, &list, after.0, BATCH).await?;
            for one in &due {
                let done = approve_one(ops, &actor, claim, one, &mut report).await;
                if !gone_through.note((one.item, 0), done)? {
                    break;
                }
            }
        }
        what => {
            let due = settlements::listed_shares(&mut *db.read().await?, &list, after, BATCH).await?;
            for one in &due {
                let done = pay_one(ops, &actor, (&run.id, what), one, &mut report).await;
                if !gone_through.note((one.item, one.position), done)? {
                    break;
                }
            }
        }
    }
    let done = run.done + gone_through.count;
    let total = match run.total {
        0 => total(db, &list, request.what).await?,
        total => total,
    };
    let position = gone_through.last.map(|(item, share)| format!("{item}/{share}"));
    let progress = Progress {
        position: position.unwrap_or_else(|| run.position.clone()),
        done,
        total: total.max(done),
        report: serde_json::to_string(&report).unwrap_or_default(),
    };
    let over = gone_through.all && gone_through.count < BATCH;
    claim.note(db, progress, over.then(|| ops.clock.now_ms())).await
}

/// How far a batch has come.
struct GoneThrough {
    last: Option<(i64, i64)>,
    count: i64,
    /// Nothing has stopped it.
    all: bool,
}

impl GoneThrough {
    /// Notes one more; whether to go on. What stops it is an error only where it is the first: otherwise the batch ends
    /// with what was done, so that this is written down.
    fn note(&mut self, place: (i64, i64), done: Result<(), JobError>) -> Result<bool, JobError> {
        match done {
            Ok(()) => {
                self.last = Some(place);
                self.count += 1;
                Ok(true)
            }
            Err(_) if self.count > 0 => {
                self.all = false;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

async fn total(db: &Db, list: &OperationId, what: Bulk) -> Result<i64, DbError> {
    let mut conn = db.read().await?;
    match what {
        Bulk::Approve => Ok(settlements::count_large(&mut conn, list).await?),
        Bulk::Bank | Bulk::Cash => {
            Ok(settlements::standing(&mut conn, list, &UserId(String::new())).await?.shares)
        }
    }
}

/// The place of the item and of the share after which a batch begins.
fn place(position: &str) -> (i64, i64) {
    let (item, share) = position.split_once('/').unwrap_or(("-1", "-1"));
    (item.parse().unwrap_or(-1), share.parse().unwrap_or(-1))
}

/// One key a run and refund: found again, however often the batch is gone through.
fn key(run: &JobRunId, item: i64, share: i64) -> Result<Key, DbError> {
    let key = format!("{run}-{item}-{share}");
    key.parse().map_err(|NotAKey| DbError::Corrupt(key.clone()))
}

async fn approve_one(
    ops: &Ops,
    actor: &Actor,
    claim: &Claim,
    one: &LargeRefund,
    report: &mut BulkReport,
) -> Result<(), JobError> {
    let by_this = one.approved_by.as_ref() == Some(&actor.id())
        && one.approved_ms.is_some_and(|at_ms| at_ms >= claim.run.created_ms);
    let done = match (&one.approved_by, by_this) {
        (Some(_), false) => return Ok(()),
        (Some(_), true) => Ok(()),
        (None, _) => {
            let key = key(&claim.run.id, one.item, 0)?;
            let approval = ApproveRefund { key, departure_id: one.departure_id.clone() };
            ops.perform(actor, approval).await.map(drop)
        }
    };
    match done {
        Ok(()) => (report.done, report.minor) = (report.done + 1, report.minor + one.refund_minor),
        Err(Refused::Because(NoApproval::SecondPerson)) => report.own += 1,
        Err(refused) => left_out(&one.departure_id, refused, report)?,
    }
    Ok(())
}

async fn pay_one(
    ops: &Ops,
    actor: &Actor,
    (run, what): (&JobRunId, Bulk),
    one: &ListedShare,
    report: &mut BulkReport,
) -> Result<(), JobError> {
    let key = key(run, one.item, one.position)?;
    let done = match one.paid_key.as_deref() {
        Some(paid) if paid == key.as_str() => Ok(()),
        Some(_) => return Ok(()),
        None => match way(what, one) {
            None => {
                report.unknown += 1;
                return Ok(());
            }
            Some(way) => {
                let (departure_id, position) = (one.departure_id.clone(), one.position);
                ops.perform(actor, PayRequest { key, departure_id, position, way }).await.map(drop)
            }
        },
    };
    match done {
        Ok(()) => (report.done, report.minor) = (report.done + 1, report.minor + one.amount_minor),
        // Somebody was quicker.
        Err(Refused::Because(NotPaid::PaidOut)) => {}
        Err(Refused::Because(NotPaid::NotApproved)) => report.unapproved += 1,
        Err(Refused::Because(NotPaid::DrawerShort { .. } | NotPaid::NoShift)) => report.short += 1,
        Err(refused) => left_out(&one.departure_id, refused, report)?,
    }
    Ok(())
}

fn way(what: Bulk, one: &ListedShare) -> Option<Way> {
    if what == Bulk::Cash {
        return Some(Way::Cash);
    }
    Some(Way::Bank {
        account_name: one.account_name.clone()?,
        account_number: one.account_number.clone()?,
        bank: one.bank.clone()?,
    })
}

/// The database's errors stop the batch, which is tried again; anything else is that refund's alone.
fn left_out<R: Display>(
    departure: &OperationId,
    refused: Refused<R>,
    report: &mut BulkReport,
) -> Result<(), JobError> {
    if let Refused::Db(_) = refused {
        return Err(failed(refused));
    }
    tracing::error!(%departure, %refused, "a refund of a list was left out");
    report.failed += 1;
    Ok(())
}
