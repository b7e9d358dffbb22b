//! Many move-outs in one go, such as a graduation: asked for batch by batch by a job that any server may take up, settled
//! one by one as the meters close.

use domain::actor::Actor;
use domain::books::settlement::Sharing;
use domain::clock::Clock;
use domain::ids::{OperationId, RoomId, TenancyId, UserId};
use domain::rights::Action;
use paper::Language;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::ask::{Leaving, leave};
use super::settle::{SettleRequest, settle};
use crate::db::Db;
use crate::ops::kit::job_run::{Claim, new_run};
use crate::ops::kit::mandate;
use crate::store::kit::job_runs::{self, JobRun, NewRun, Progress};
use crate::store::moves::departure_runs::{self, Run, ToSettle};

/// The job's name in the rows of its runs.
pub const GRADUATION: &str = "graduation";
/// The most rooms in one go.
pub const MAX_ROOMS: usize = 5_000;
/// Rooms in one batch: a sale waits for one at most.
const BATCH: i64 = 25;

/// Who leaves, and how their refunds are shared.
#[derive(Clone, Debug, Serialize)]
pub struct Graduate {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// What the list is called.
    pub label: String,
    /// The tenancies that end, with their rooms.
    pub tenancies: Vec<(RoomId, TenancyId)>,
    /// [`Sharing::Equal`] or [`Sharing::Paid`].
    pub sharing: Sharing,
    /// The language of the statements.
    pub language: Language,
}

/// Asks for all of them. What comes of each stands on the list.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `label`, `rooms` or `sharing`.
pub async fn graduate(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: Graduate,
) -> Result<Outcome, OpError> {
    require(actor, Action::MoveOut)?;
    request.label = OpError::text("label", &request.label, 80)?;
    let problem = match request.tenancies.len() {
        0 => Some(Problem::Missing),
        1..=MAX_ROOMS => None,
        _ => Some(Problem::TooLong),
    };
    if let Some(problem) = problem {
        return Err(OpError::Invalid { field: "rooms", problem });
    }
    if request.sharing == Sharing::One {
        return Err(OpError::Invalid { field: "sharing", problem: Problem::Malformed });
    }
    let operation = Operation::new(clock, actor, "graduate", &request.key, "site", &request)?;
    let occasion = operation.id.0.clone();
    let job = new_run(clock, GRADUATION, occasion.clone(), operation.at_ms, occasion);
    let job = NewRun { asked_by: Some(actor.id()), ..job };
    operation
        .run(db, (request, actor.id(), job), |operation, (request, by, job), conn| {
            record(operation, request, by, job, conn).boxed()
        })
        .await
}

async fn record(
    operation: &Operation,
    request: &Graduate,
    by: &UserId,
    job: &NewRun,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let run = Run {
        id: operation.id.clone(),
        label: request.label.clone(),
        split: request.sharing.as_str().to_owned(),
        language: request.language.code().to_owned(),
        actor_id: by.clone(),
        at_ms: operation.at_ms,
    };
    departure_runs::insert(conn, &run).await?;
    for (position, (room, tenancy)) in (0..).zip(&request.tenancies) {
        departure_runs::insert_item(conn, &run.id, position, (room, tenancy)).await?;
    }
    job_runs::ask(conn, job).await?;
    Ok(())
}

/// Whether whoever stands behind a list may still move people out.
///
/// # Errors
/// The database's.
pub async fn has_mandate(db: &Db, run: &JobRun) -> Result<bool, OpError> {
    let Some(user) = &run.asked_by else { return Ok(false) };
    Ok(mandate::of_user(db, user).await?.is_some_and(|actor| actor.may(Action::MoveOut)))
}

/// Takes a list over: it goes on where it stopped, on the account of whoever says so.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`].
pub async fn go_on(db: &Db, actor: &Actor, list: &OperationId) -> Result<(), OpError> {
    require(actor, Action::MoveOut)?;
    db.write((list.clone(), actor.id()), |(list, by), conn| {
        async move {
            let run = job_runs::of_occasion(conn, GRADUATION, list.as_str()).await?;
            let run = run.ok_or(OpError::NotFound("graduation"))?;
            job_runs::take_over(conn, &run.id, by).await?;
            job_runs::revive(conn, &run.id).await?;
            Ok(())
        }
        .boxed()
    })
    .await
}

/// What a run of the job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Report {
    asked: i64,
    failed: i64,
}

/// One batch of the job.
///
/// # Errors
/// The database's; [`OpError::ClaimLost`].
pub async fn batch(db: &Db, clock: &dyn Clock, claim: &Claim) -> Result<(), OpError> {
    let actor = claim.mandate(db, GRADUATION).await?;
    require(&actor, Action::MoveOut)?;
    let run = claim.run.id.as_str();
    let operation = Operation::new(clock, &actor, "graduate-batch", &claim.key()?, run, &())?;
    let ids: Vec<_> = (0..BATCH).map(|_| OperationId::new(clock)).collect();
    operation
        .run(db, (claim.clone(), actor.id(), ids), |operation, (claim, by, ids), conn| {
            write_batch(operation, claim, by, ids, conn).boxed()
        })
        .await?;
    Ok(())
}

async fn write_batch(
    operation: &Operation,
    claim: &Claim,
    by: &UserId,
    ids: &[OperationId],
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    let list = OperationId(claim.run.request.clone());
    let mut report: Report = serde_json::from_str(&claim.run.report).unwrap_or_default();
    let waiting = departure_runs::waiting(conn, &list, BATCH).await?;
    for (item, id) in waiting.iter().zip(ids) {
        let leaving = Leaving {
            id,
            at_ms: operation.at_ms,
            room: &item.room_id,
            tenancy: &item.tenancy_id,
            by,
            to: None,
        };
        let found = match leave(conn, &leaving).await {
            Ok(()) => Ok(id),
            Err(error) => Err(problem_of(error)?),
        };
        report.asked += i64::from(found.is_ok());
        report.failed += i64::from(found.is_err());
        departure_runs::note(conn, &list, item.position, found).await?;
    }
    let done = report.asked + report.failed;
    let full = waiting.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX);
    let report = serde_json::to_string(&report).unwrap_or_default();
    let progress = Progress { position: String::new(), done, total: claim.run.total.max(done), report };
    if full {
        Ok(claim.advance(conn, &progress).await?)
    } else {
        Ok(claim.finish(conn, &progress, operation.at_ms).await?)
    }
}

/// What stood in the way of one departure, as the list keeps it; anything else stops the batch.
fn problem_of(error: OpError) -> Result<&'static str, OpError> {
    match error {
        OpError::MovedOut | OpError::NoTenancy => Ok("moved-out"),
        OpError::TenancyChanged => Ok("changed"),
        OpError::AwaitsCredit => Ok("awaits-credit"),
        other => Err(other),
    }
}

/// Settles a departure of a list on the account of whoever stands behind the list.
///
/// # Errors
/// Those of [`settle`]; [`OpError::NoMandate`].
pub(super) async fn settle_one(db: &Db, clock: &dyn Clock, due: &ToSettle) -> Result<(), OpError> {
    let actor = mandate::of_user(db, &due.mandate_id).await?.ok_or(OpError::NoMandate)?;
    let request = SettleRequest {
        key: format!("list-settle-{}", due.departure_id).parse()?,
        departure_id: due.departure_id.clone(),
        debts: Vec::new(),
        sharing: Sharing::parse(&due.split).unwrap_or_default(),
        payee: None,
        language: Language::of_code(&due.language),
    };
    match settle(db, clock, &actor, request).await {
        // Somebody settled it by hand meanwhile.
        Ok(_) | Err(OpError::Settled) => {}
        Err(error) => return Err(error),
    }
    db.write(due.departure_id.clone(), |departure, conn| {
        async move { Ok::<_, OpError>(departure_runs::note_settled(conn, departure).await?) }.boxed()
    })
    .await
}
