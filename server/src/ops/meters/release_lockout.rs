//! Releasing a household that protection has locked out, so that its supply may come back.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::RoomId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::details;

/// The lock-out that somebody has looked into.
#[derive(Clone, Debug, Serialize)]
pub struct ReleaseLockout {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The number of the latest lock-out, as its meter reported it: a later one is not ended by this.
    pub lockout: i64,
}

/// Records it; the field layer tells the meter.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] when no such lock-out keeps a loop of the room
/// open.
pub async fn release(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: ReleaseLockout,
) -> Result<Outcome, OpError> {
    require(actor, Action::ReleaseLockout)?;
    let room = request.room_id.as_str();
    let operation = Operation::new(clock, actor, "release-lockout", &request.key, room, &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                if details::release_lockout(conn, &request.room_id, request.lockout).await? {
                    Ok(())
                } else {
                    Err(OpError::NotFound("lockout"))
                }
            }
            .boxed()
        })
        .await
}
