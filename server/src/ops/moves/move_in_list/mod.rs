//! Moving in by a list: taken in, compared with the house, corrected until nothing is wrong with it, then carried out.

mod review;
mod run;

pub use review::{Review, RoomOfList, RowProblem, review};
pub use run::{Failure, go_through, start};

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::roster::Line;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::db::{Db, DbError};
use crate::store::moves::imports::{self, Import};

/// The longest file name that is kept.
const MAX_FILE_NAME: usize = 120;

/// A list as it was read from a file.
#[derive(Clone, Debug, Serialize)]
pub struct TakeIn {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// What the file was called; only shown.
    pub file_name: String,
    /// Its lines.
    #[serde(skip)]
    pub lines: Vec<Line>,
}

/// Keeps a list, to be looked through and carried out. Nobody moves in yet.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`].
pub async fn take_in(db: &Db, clock: &dyn Clock, actor: &Actor, request: TakeIn) -> Result<Outcome, OpError> {
    require(actor, Action::MoveIn)?;
    let content = serde_json::to_string(&request.lines)
        .map_err(|error| OpError::Db(DbError::Corrupt(error.to_string())))?;
    let digest: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    let operation = Operation::new(clock, actor, "take-in-list", &request.key, "site", &(&request, digest))?;
    let import = Import {
        id: operation.id.clone(),
        file_name: request.file_name.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME).collect(),
        content,
        rooms: i64::try_from(review::grouped(&request.lines).len()).unwrap_or(i64::MAX),
        residents: i64::try_from(request.lines.len()).unwrap_or(i64::MAX),
        done: 0,
        failures: "[]".to_owned(),
        actor_id: actor.id(),
        at_ms: operation.at_ms,
        started_ms: None,
    };
    operation
        .run(db, import, |_, import, conn| async move { Ok(imports::insert(conn, import).await?) }.boxed())
        .await
}

/// A list with its lines.
///
/// # Errors
/// [`OpError::NotFound`]; the database's.
pub async fn get(db: &Db, id: &OperationId) -> Result<(Import, Vec<Line>), OpError> {
    let import = imports::get(&mut *db.read().await?, id).await?.ok_or(OpError::NotFound("list"))?;
    let lines = serde_json::from_str(&import.content)
        .map_err(|error| DbError::Corrupt(format!("list {id}: {error}")))?;
    Ok((import, lines))
}
