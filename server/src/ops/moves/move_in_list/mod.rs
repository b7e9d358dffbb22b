//! Moving in by a list: taken in, compared with the house, corrected until nothing is wrong with it, then carried out.

mod review;
mod run;

pub use review::{Review, RoomOfList, RowProblem, review};
pub use run::{Failure, NotStarted, go_through, start};

use std::convert::Infallible;

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::roster::Line;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::kit::{Key, Operation, Verb, Written};
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
    pub lines: Vec<Line>,
}

/// Keeps a list, to be looked through and carried out. Nobody moves in yet.
impl Verb for TakeIn {
    const NAME: &'static str = "take-in-list";
    const WAKES: bool = false;
    type Refusal = Infallible;

    fn right(&self) -> Action {
        Action::MoveIn
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, Infallible> {
        async move {
            let content =
                serde_json::to_string(&self.lines).map_err(|error| DbError::Corrupt(error.to_string()))?;
            let file_name = self.file_name.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME).collect();
            let import = Import {
                id: operation.id.clone(),
                file_name,
                content,
                rooms: i64::try_from(review::rooms_named(&self.lines)).unwrap_or(i64::MAX),
                residents: i64::try_from(self.lines.len()).unwrap_or(i64::MAX),
                done: 0,
                failures: "[]".to_owned(),
                actor_id: operation.by.id(),
                at_ms: operation.at_ms,
                started_ms: None,
            };
            Ok(imports::insert(conn, &import).await?)
        }
        .boxed()
    }
}

/// A list with its lines; `None` without such a list.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &OperationId) -> Result<Option<(Import, Vec<Line>)>, DbError> {
    let Some(import) = imports::get(&mut *db.read().await?, id).await? else { return Ok(None) };
    let lines = serde_json::from_str(&import.content)
        .map_err(|error| DbError::Corrupt(format!("list {id}: {error}")))?;
    Ok(Some((import, lines)))
}
