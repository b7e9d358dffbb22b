//! The refunds of a list in one action: approved by a second person, or paid by the list for the bank, or from the own
//! drawer. A job goes through them; each is an operation of its own with a key of its own, so that none is done twice.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{JobRunId, OperationId, UserId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::approve;
use super::pay::{PayRequest, Way, pay};
use crate::db::Db;
use crate::ops::kit::job_run::{Claim, new_run};
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

/// Asks for it. The list's page shows how far it has come.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `refunds` when there
/// are none, [`OpError::NoShift`] and [`OpError::DrawerShort`] for [`Bulk::Cash`].
pub async fn ask_bulk(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    (list, what): (&OperationId, Bulk),
) -> Result<Outcome, OpError> {
    require(actor, what.action())?;
    let request = BulkRequest { list: list.0.clone(), what };
    let operation = Operation::new(clock, actor, "bulk-refunds", key, list.as_str(), &request)?;
    let text = serde_json::to_string(&request).unwrap_or_default();
    let job = new_run(clock, BULK, format!("{list}-{}", operation.id), operation.at_ms, text);
    let job = NewRun { asked_by: Some(actor.id()), ..job };
    operation
        .run(db, (list.clone(), what, job), |_, (list, what, job), conn| {
            async move {
                departure_runs::get(conn, list).await?.ok_or(OpError::NotFound("graduation"))?;
                let by = job.asked_by.as_ref().ok_or(OpError::Forbidden)?;
                let (count, minor) = what.of(&settlements::standing(conn, list, by).await?);
                if count == 0 {
                    return Err(OpError::Invalid { field: "refunds", problem: Problem::Missing });
                }
                if *what == Bulk::Cash {
                    drawer_holds(conn, by, minor).await?;
                }
                job_runs::ask(conn, job).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// It had better be known beforehand that the money does not suffice.
async fn drawer_holds(conn: &mut AnyConnection, by: &UserId, minor: i64) -> Result<(), OpError> {
    let shift = shifts::open_of(conn, by).await?.ok_or(OpError::NoShift)?;
    let held_minor = -transfers::balance(conn, &Account::Drawer(shift.id)).await?;
    if held_minor < minor { Err(OpError::DrawerShort { held_minor: held_minor.max(0) }) } else { Ok(()) }
}

/// One batch of the job: some refunds, each in its own transaction, then how far it has come. A batch that breaks off is gone
/// through again; what it did is found done, by the keys.
///
/// # Errors
/// The database's; [`OpError::ClaimLost`].
pub async fn bulk_batch(db: &Db, clock: &dyn Clock, claim: &Claim) -> Result<(), OpError> {
    let run = &claim.run;
    let request: BulkRequest =
        serde_json::from_str(&run.request).map_err(|_| OpError::NotFound("graduation"))?;
    let list = OperationId(request.list);
    let actor = claim.mandate(db, BULK).await?;
    require(&actor, request.what.action())?;
    let mut report: BulkReport = serde_json::from_str(&run.report).unwrap_or_default();
    let after = place(&run.position);
    let mut gone_through = GoneThrough { last: None, count: 0, all: true };
    match request.what {
        Bulk::Approve => {
            let due = settlements::large(&mut *db.read().await?, &list, after.0, BATCH).await?;
            for one in &due {
                let done = approve_one(db, clock, &actor, claim, one, &mut report).await;
                if !gone_through.note((one.item, 0), done)? {
                    break;
                }
            }
        }
        what => {
            let due = settlements::listed_shares(&mut *db.read().await?, &list, after, BATCH).await?;
            for one in &due {
                let done = pay_one(db, clock, &actor, (&run.id, what), one, &mut report).await;
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
    Ok(claim.note(db, progress, over.then(|| clock.now_ms())).await?)
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
    fn note(&mut self, place: (i64, i64), done: Result<(), OpError>) -> Result<bool, OpError> {
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

async fn total(db: &Db, list: &OperationId, what: Bulk) -> Result<i64, OpError> {
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
fn key(run: &JobRunId, item: i64, share: i64) -> Result<Key, OpError> {
    Ok(format!("{run}-{item}-{share}").parse()?)
}

async fn approve_one(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    claim: &Claim,
    one: &LargeRefund,
    report: &mut BulkReport,
) -> Result<(), OpError> {
    let by_this = one.approved_by.as_ref() == Some(&actor.id())
        && one.approved_ms.is_some_and(|at_ms| at_ms >= claim.run.created_ms);
    let done = match (&one.approved_by, by_this) {
        (Some(_), false) => return Ok(()),
        (Some(_), true) => Ok(()),
        (None, _) => {
            let key = key(&claim.run.id, one.item, 0)?;
            approve(db, clock, actor, &key, &one.departure_id).await.map(drop)
        }
    };
    match done {
        Ok(()) => (report.done, report.minor) = (report.done + 1, report.minor + one.refund_minor),
        Err(OpError::SecondPerson) => report.own += 1,
        Err(error) => left_out(&one.departure_id, error, report)?,
    }
    Ok(())
}

async fn pay_one(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    (run, what): (&JobRunId, Bulk),
    one: &ListedShare,
    report: &mut BulkReport,
) -> Result<(), OpError> {
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
                pay(db, clock, actor, PayRequest { key, departure_id, position, way }).await.map(drop)
            }
        },
    };
    match done {
        Ok(()) => (report.done, report.minor) = (report.done + 1, report.minor + one.amount_minor),
        // Somebody was quicker.
        Err(OpError::PaidOut) => {}
        Err(OpError::NotApproved) => report.unapproved += 1,
        Err(OpError::DrawerShort { .. } | OpError::NoShift) => report.short += 1,
        Err(error) => left_out(&one.departure_id, error, report)?,
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
fn left_out(departure: &OperationId, error: OpError, report: &mut BulkReport) -> Result<(), OpError> {
    if let OpError::Db(_) = error {
        return Err(error);
    }
    tracing::error!(%departure, %error, "a refund of a list was left out");
    report.failed += 1;
    Ok(())
}
