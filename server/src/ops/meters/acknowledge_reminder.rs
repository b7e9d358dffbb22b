//! Acknowledging a low-credit reminder, so that the supply comes back.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::RoomId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::households;

/// The reminder that somebody has seen.
#[derive(Clone, Debug, Serialize)]
pub struct AcknowledgeReminder {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The number of the reminder, as its meter reported it: a later one is not ended by this.
    pub reminder: i64,
}

/// Records it; the field layer tells the meter.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] when no such reminder keeps the room's supply
/// off.
pub async fn acknowledge(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: AcknowledgeReminder,
) -> Result<Outcome, OpError> {
    require(actor, Action::AcknowledgeReminder)?;
    let room = request.room_id.as_str();
    let operation = Operation::new(clock, actor, "acknowledge-reminder", &request.key, room, &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                if households::acknowledge_reminder(conn, &request.room_id, request.reminder).await? {
                    Ok(())
                } else {
                    Err(OpError::NotFound("reminder"))
                }
            }
            .boxed()
        })
        .await
}
