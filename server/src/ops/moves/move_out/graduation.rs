//! Many move-outs in one go, such as a graduation: asked for batch by batch by a job that any server may take up, settled
//! one by one as the meters close.

use domain::actor::Actor;
use domain::books::settlement::Sharing;
use domain::ids::{OperationId, RoomId, TenancyId};
use domain::rights::Action;
use domain::text::{self, TextProblem};
use words::Lang;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::ask::{Leaving, NotLeaving, leave};
use super::carry::once;
use super::settle::{NotSettled, settle};
use super::settle_request::SettleRequest;
use crate::db::{Db, DbError};
use crate::ops::kit::job_run::{Claim, ClaimLost, JobError, asked_by_operation, failed};
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written, mandate, refusals};
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
    pub language: Lang,
}

/// Why nobody is asked to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGraduation {
    /// Something is wrong with what the list is called.
    #[error("the label {0}")]
    Label(TextProblem),
    /// Nobody is on it.
    #[error("nobody is on the list")]
    Nobody,
    /// More rooms than go at once.
    #[error("at most {max} rooms")]
    TooMany {
        /// How many go at once.
        max: usize,
    },
    /// One person cannot get it all of many rooms.
    #[error("the refunds cannot be shared so")]
    Sharing,
}

/// There is no such list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such list")]
pub struct NoSuchList;

refusals!(NoGraduation, NoSuchList);

/// Asks for all of them. What comes of each stands on the list.
impl Verb for Graduate {
    const NAME: &'static str = "graduate";
    type Refusal = NoGraduation;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoGraduation> {
        self.label = text::required(&self.label, 80).map_err(NoGraduation::Label)?;
        match self.tenancies.len() {
            0 => Err(NoGraduation::Nobody),
            1..=MAX_ROOMS if self.sharing == Sharing::One => Err(NoGraduation::Sharing),
            1..=MAX_ROOMS => Ok(()),
            _ => Err(NoGraduation::TooMany { max: MAX_ROOMS }),
        }
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, NoGraduation> {
        record(operation, self, conn).boxed()
    }
}

async fn record(
    operation: &Operation,
    request: &Graduate,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoGraduation>> {
    let run = Run {
        id: operation.id.clone(),
        label: request.label.clone(),
        split: request.sharing.as_str().to_owned(),
        language: request.language.code().to_owned(),
        actor_id: operation.by.id(),
        at_ms: operation.at_ms,
    };
    departure_runs::insert(conn, &run).await?;
    for (position, (room, tenancy)) in (0..).zip(&request.tenancies) {
        departure_runs::insert_item(conn, &run.id, position, (room, tenancy)).await?;
    }
    let occasion = operation.id.0.clone();
    let job = asked_by_operation(operation, GRADUATION, occasion.clone(), occasion);
    job_runs::ask(conn, &NewRun { asked_by: Some(run.actor_id), ..job }).await?;
    Ok(())
}

/// Whether whoever stands behind a list may still move people out.
///
/// # Errors
/// The database's.
pub async fn has_mandate(db: &Db, run: &JobRun) -> Result<bool, DbError> {
    let Some(user) = &run.asked_by else { return Ok(false) };
    Ok(mandate::of_user(db, user).await?.is_some_and(|actor| actor.may(Action::MoveOut)))
}

/// A list that somebody takes over.
#[derive(Clone, Debug, Serialize)]
pub struct GoOn {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The list.
    pub list: OperationId,
}

/// Takes a list over: it goes on where it stopped, on the account of whoever says so.
impl Verb for GoOn {
    const NAME: &'static str = "take-list-over";
    const WAKES: bool = false;
    type Refusal = NoSuchList;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.list.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSuchList> {
        async move {
            let run = job_runs::of_occasion(conn, GRADUATION, self.list.as_str()).await?;
            let run = run.ok_or(NoSuchList)?;
            job_runs::take_over(conn, &run.id, &operation.by.id()).await?;
            job_runs::revive(conn, &run.id).await?;
            Ok(())
        }
        .boxed()
    }
}

/// What a run of the job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Report {
    asked: i64,
    failed: i64,
}

/// A batch of the job.
#[derive(Clone, Debug, Serialize)]
struct Batch {
    #[serde(skip)]
    key: Key,
    #[serde(skip)]
    claim: Claim,
}

impl Verb for Batch {
    const NAME: &'static str = "graduate-batch";
    type Refusal = ClaimLost;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.claim.run.id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, ClaimLost> {
        write_batch(operation, &self.claim, conn).boxed()
    }
}

/// One batch of the job.
///
/// # Errors
/// The database's; [`JobError::ClaimLost`], [`JobError::NoMandate`].
pub async fn batch(ops: &Ops, claim: &Claim) -> Result<(), JobError> {
    let batch = Batch { key: claim.key()?, claim: claim.clone() };
    ops.perform(&claim.mandate(&ops.db, GRADUATION).await?, batch).await?;
    Ok(())
}

async fn write_batch(
    operation: &Operation,
    claim: &Claim,
    conn: &mut AnyConnection,
) -> Result<(), Refused<ClaimLost>> {
    let list = OperationId(claim.run.request.clone());
    let mut report: Report = serde_json::from_str(&claim.run.report).unwrap_or_default();
    let waiting = departure_runs::waiting(conn, &list, BATCH).await?;
    let by = operation.by.id();
    for item in &waiting {
        let id = OperationId(operation.new_id());
        let leaving = Leaving {
            id: &id,
            at_ms: operation.at_ms,
            room: &item.room_id,
            tenancy: &item.tenancy_id,
            by: &by,
            to: None,
        };
        let found = match leave(conn, &leaving).await {
            Ok(()) => Ok(&id),
            Err(Refused::Because(why)) => Err(problem_of(why)),
            Err(Refused::Db(error)) => return Err(error.into()),
            Err(Refused::Forbidden) => return Err(Refused::Forbidden),
            Err(Refused::KeyReused) => return Err(Refused::KeyReused),
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
        claim.advance(conn, &progress).await
    } else {
        claim.finish(conn, &progress, operation.at_ms).await
    }
}

/// What stood in the way of one departure, as the list keeps it.
const fn problem_of(why: NotLeaving) -> &'static str {
    match why {
        NotLeaving::MovedOut | NotLeaving::Vacant => "moved-out",
        NotLeaving::OthersLiveThere => "changed",
        NotLeaving::AwaitsCredit => "awaits-credit",
        NotLeaving::NoRoom => "no-room",
    }
}

/// Settles a departure of a list on the account of whoever stands behind the list.
///
/// # Errors
/// What a job stops at; [`JobError::NoMandate`].
pub(super) async fn settle_one(ops: &Ops, due: &ToSettle) -> Result<(), JobError> {
    let actor = mandate::of_user(&ops.db, &due.mandate_id).await?.ok_or(JobError::NoMandate)?;
    let request = SettleRequest {
        key: once("list-settle", &due.departure_id)?,
        departure_id: due.departure_id.clone(),
        debts: Vec::new(),
        sharing: Sharing::parse(&due.split).unwrap_or_default(),
        payee: None,
        language: Lang::parse(&due.language).unwrap_or_default(),
    };
    match settle(ops, &actor, request).await {
        // Somebody settled it by hand meanwhile.
        Ok(_) | Err(Refused::Because(NotSettled::Settled)) => {}
        // A person finds the reading among those that were held, and the list goes on once it is judged.
        Err(Refused::Because(NotSettled::ReadingHeld)) => {
            tracing::info!(departure = %due.departure_id, "a last reading waits for a decision");
            return Err(JobError::Refused(NotSettled::ReadingHeld.to_string()));
        }
        Err(refused) => return Err(failed(refused)),
    }
    let noted = ops.db.write(due.departure_id.clone(), |departure, conn| {
        departure_runs::note_settled(conn, departure).boxed()
    });
    Ok(noted.await?)
}
