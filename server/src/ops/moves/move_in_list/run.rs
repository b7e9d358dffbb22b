//! Carrying a list out: some rooms a transaction, from where the last run stopped, whoever runs it.

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::review::{RoomOfList, review};
use crate::db::DbError;
use crate::ops::kit::{Key, NotAKey, Operation, Ops, Refused, Verb, Written, refusals};
use crate::ops::moves::move_in::{self, NotMovedIn};
use crate::store::moves::imports::{self, Import};

/// Rooms a transaction: few enough that sales get in between.
const BATCH: usize = 25;

/// A room that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The room's first row.
    pub row: usize,
    /// The room as the list calls it.
    pub room: String,
    /// Why: `occupied`, `unclosed`, `elsewhere`, `other-name` or `unknown`.
    pub why: String,
}

/// Why a list is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// There is no such list.
    #[error("no such list")]
    NoList,
    /// Something is wrong with it.
    #[error("something is wrong with the list")]
    Wrong,
}

/// Somebody else has carried these rooms out meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("somebody else was quicker")]
struct Overtaken;

refusals!(NotStarted, Overtaken);

/// Marks a list as being carried out.
#[derive(Clone, Debug, Serialize)]
struct Start {
    #[serde(skip)]
    key: Key,
    list: OperationId,
}

impl Verb for Start {
    const NAME: &'static str = "start-list";
    const WAKES: bool = false;
    type Refusal = NotStarted;

    fn right(&self) -> Action {
        Action::MoveIn
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.list.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotStarted> {
        async move { Ok(imports::start(conn, &self.list, operation.at_ms).await?) }.boxed()
    }
}

/// Marks a list as being carried out, unless it is; refused while anything is wrong with it.
///
/// # Errors
/// [`NotStarted`]; the database's.
pub async fn start(ops: &Ops, by: &Actor, id: &OperationId) -> Result<(), Refused<NotStarted>> {
    let (import, lines) = super::get(&ops.db, id).await?.ok_or(NotStarted::NoList)?;
    if import.started_ms.is_some() {
        return if by.may(Action::MoveIn) { Ok(()) } else { Err(Refused::Forbidden) };
    }
    if !review(&mut *ops.db.read().await?, &lines).await?.problems.is_empty() {
        return Err(NotStarted::Wrong.into());
    }
    ops.perform(by, Start { key: ops.key(), list: id.clone() }).await.map(drop)
}

/// Some rooms of a list.
#[derive(Clone, Debug, Serialize)]
struct Batch {
    #[serde(skip)]
    key: Key,
    list: OperationId,
    from: i64,
    #[serde(skip)]
    rooms: Vec<RoomOfList>,
    #[serde(skip)]
    failures: Vec<Failure>,
}

impl Verb for Batch {
    const NAME: &'static str = "move-in-list";
    type Refusal = Overtaken;

    fn right(&self) -> Action {
        Action::MoveIn
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.list.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, Overtaken> {
        carry_out(operation, self, conn).boxed()
    }
}

/// Carries a list out to its end, from where it stands. Two that do so at once do each room once.
///
/// # Errors
/// [`NotStarted::NoList`]; the database's.
pub async fn go_through(ops: &Ops, by: &Actor, id: &OperationId) -> Result<(), Refused<NotStarted>> {
    let (_, lines) = super::get(&ops.db, id).await?.ok_or(NotStarted::NoList)?;
    let rooms = review(&mut *ops.db.read().await?, &lines).await?.rooms;
    loop {
        let import = imports::get(&mut *ops.db.read().await?, id).await?.ok_or(NotStarted::NoList)?;
        let from = usize::try_from(import.done).unwrap_or(usize::MAX);
        let Some(left) = rooms.get(from..).filter(|left| !left.is_empty()) else { return Ok(()) };
        let batch = batch(&import, left.iter().take(BATCH).cloned().collect())?;
        match ops.perform(by, batch).await {
            Ok(_) | Err(Refused::KeyReused | Refused::Because(Overtaken)) => {}
            Err(Refused::Forbidden) => return Err(Refused::Forbidden),
            Err(Refused::Db(error)) => return Err(error.into()),
        }
    }
}

fn batch(import: &Import, rooms: Vec<RoomOfList>) -> Result<Batch, DbError> {
    let (list, from) = (import.id.clone(), import.done);
    let corrupt = |what: String| DbError::Corrupt(format!("list {list}: {what}"));
    let key = format!("list-{list}-{from}").parse().map_err(|error: NotAKey| corrupt(error.to_string()))?;
    let failures = serde_json::from_str(&import.failures).map_err(|error| corrupt(error.to_string()))?;
    Ok(Batch { key, list: list.clone(), from, rooms, failures })
}

async fn carry_out(
    operation: &Operation,
    batch: &Batch,
    conn: &mut AnyConnection,
) -> Result<(), Refused<Overtaken>> {
    let mut failures = batch.failures.clone();
    for room in &batch.rooms {
        failures.extend(settle_in(conn, operation, room).await?);
    }
    let failures = serde_json::to_string(&failures).map_err(|error| DbError::Corrupt(error.to_string()))?;
    let to = batch.from.saturating_add(i64::try_from(batch.rooms.len()).unwrap_or(i64::MAX));
    if imports::advance(conn, &batch.list, (batch.from, to), &failures).await? {
        Ok(())
    } else {
        Err(Overtaken.into())
    }
}

/// Moves in, unless something stands in the way that was not there when the list was looked through.
async fn settle_in(
    conn: &mut AnyConnection,
    operation: &Operation,
    room: &RoomOfList,
) -> Result<Option<Failure>, DbError> {
    let failure = |why: &str| Failure { row: room.row, room: room.label.clone(), why: why.to_owned() };
    let mut people = room.residents.clone();
    let (Some(room_id), Ok(())) = (&room.room_id, move_in::tidy(&mut people)) else {
        return Ok(Some(failure("unknown")));
    };
    let (tenancy, residents) = move_in::newcomers(operation, room_id, &people);
    match move_in::arrive(conn, &tenancy, &residents).await {
        Ok(()) => Ok(None),
        Err(Refused::Because(NotMovedIn::Occupied)) => Ok(Some(failure("occupied"))),
        Err(Refused::Because(NotMovedIn::Unclosed)) => Ok(Some(failure("unclosed"))),
        Err(Refused::Because(NotMovedIn::LivesElsewhere { .. })) => Ok(Some(failure("elsewhere"))),
        Err(Refused::Because(NotMovedIn::OtherName { .. })) => Ok(Some(failure("other-name"))),
        Err(Refused::Because(_) | Refused::Forbidden | Refused::KeyReused) => Ok(Some(failure("unknown"))),
        Err(Refused::Db(error)) => Err(error),
    }
}
