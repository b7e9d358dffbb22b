//! Carrying a list out: some rooms a transaction, from where the last run stopped, whoever runs it.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{OperationId, ResidentId, TenancyId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, require};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::review::{RoomOfList, review};
use crate::db::{Db, DbError};
use crate::ops::moves::move_in::{self, MoveIn};
use crate::store::moves::imports;
use crate::store::people::residents;

/// Rooms a transaction: few enough that sales get in between.
const BATCH: usize = 25;

/// A room that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The room's first row.
    pub row: usize,
    /// The room as the list calls it.
    pub room: String,
    /// Why: `occupied`, `unclosed`, `unknown` or `refused`.
    pub why: String,
}

/// People with their ids, made once however often the transaction runs.
type Newcomers = Vec<(RoomOfList, Option<(residents::Tenancy, Vec<residents::Resident>)>)>;

/// Marks a list as being carried out; refused while anything is wrong with it.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::Invalid`] with field `list`.
pub async fn start(db: &Db, clock: &dyn Clock, actor: &Actor, id: &OperationId) -> Result<(), OpError> {
    require(actor, Action::MoveIn)?;
    let (import, lines) = super::get(db, id).await?;
    if import.started_ms.is_none() {
        let found = review(&mut *db.read().await?, &lines).await?;
        if !found.problems.is_empty() {
            let problem = crate::ops::kit::Problem::Malformed;
            return Err(OpError::Invalid { field: "list", problem });
        }
    }
    let context = (id.clone(), clock.now_ms());
    db.write(context, |(id, now_ms), conn| {
        async move { Ok::<_, OpError>(imports::start(conn, id, *now_ms).await?) }.boxed()
    })
    .await
}

/// Carries a list out to its end, from where it stands. Two that do so at once do each room once.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`]; the database's.
pub async fn go_through(db: &Db, clock: &dyn Clock, actor: &Actor, id: &OperationId) -> Result<(), OpError> {
    require(actor, Action::MoveIn)?;
    let (_, lines) = super::get(db, id).await?;
    let rooms = review(&mut *db.read().await?, &lines).await?.rooms;
    loop {
        let import = imports::get(&mut *db.read().await?, id).await?.ok_or(OpError::NotFound("list"))?;
        let from = usize::try_from(import.done).unwrap_or(usize::MAX);
        let Some(left) = rooms.get(from..).filter(|left| !left.is_empty()) else { return Ok(()) };
        let batch: Vec<_> = left.iter().take(BATCH).cloned().collect();
        match carry_out(db, clock, actor, (id, import.done, &import.failures), batch).await {
            // Somebody else has carried these rooms out meanwhile.
            Ok(()) | Err(OpError::KeyReused) => {}
            Err(error) => return Err(error),
        }
    }
}

async fn carry_out(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    (id, from, failures): (&OperationId, i64, &str),
    batch: Vec<RoomOfList>,
) -> Result<(), OpError> {
    let key: Key = format!("list-{id}-{from}").parse()?;
    let operation = Operation::new(clock, actor, "move-in-list", &key, id.as_str(), &(id, from))?;
    let to = from.saturating_add(i64::try_from(batch.len()).unwrap_or(i64::MAX));
    let failures: Vec<Failure> = serde_json::from_str(failures)
        .map_err(|error| DbError::Corrupt(format!("failures of list {id}: {error}")))?;
    let newcomers: Newcomers =
        batch.into_iter().map(|room| (room.clone(), newcomers(clock, operation.at_ms, &room))).collect();
    let context = (id.clone(), from, to, failures, newcomers);
    operation
        .run(db, context, |_, (id, from, to, failures, newcomers), conn| {
            async move {
                let mut failures = failures.clone();
                for (room, newcomers) in newcomers {
                    failures.extend(settle_in(conn, room, newcomers.as_ref()).await?);
                }
                let failures =
                    serde_json::to_string(&failures).map_err(|error| DbError::Corrupt(error.to_string()))?;
                if imports::advance(conn, id, (*from, *to), &failures).await? {
                    Ok(())
                } else {
                    Err(OpError::KeyReused)
                }
            }
            .boxed()
        })
        .await
        .map(drop)
}

fn newcomers(
    clock: &dyn Clock,
    opened_ms: i64,
    room: &RoomOfList,
) -> Option<(residents::Tenancy, Vec<residents::Resident>)> {
    let room_id = room.room_id.clone()?;
    let mut request =
        MoveIn { key: Key::new(clock), room_id: room_id.clone(), residents: room.residents.clone() };
    move_in::tidy(&mut request).ok()?;
    let tenancy = residents::Tenancy { id: TenancyId::new(clock), room_id, opened_ms };
    let residents = request.residents.into_iter().map(|new| residents::Resident {
        id: ResidentId::new(clock),
        number: new.number,
        name: new.name,
    });
    Some((tenancy, residents.collect()))
}

/// Moves in, unless something stands in the way that was not there when the list was looked through.
async fn settle_in(
    conn: &mut AnyConnection,
    room: &RoomOfList,
    newcomers: Option<&(residents::Tenancy, Vec<residents::Resident>)>,
) -> Result<Option<Failure>, OpError> {
    let failure = |why: &str| Failure { row: room.row, room: room.label.clone(), why: why.to_owned() };
    let Some((tenancy, residents)) = newcomers else { return Ok(Some(failure("unknown"))) };
    match move_in::open(conn, tenancy, residents).await {
        Ok(()) => Ok(None),
        Err(OpError::Occupied) => Ok(Some(failure("occupied"))),
        Err(OpError::ClosingUnknown) => Ok(Some(failure("unclosed"))),
        Err(OpError::NotFound(_)) => Ok(Some(failure("unknown"))),
        Err(error) => Err(error),
    }
}
