//! Acknowledging a low-credit reminder, so that the supply comes back.

use domain::actor::Actor;
use domain::ids::RoomId;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// No such reminder keeps the room's supply off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is over already")]
pub struct NoReminder;

refusals!(NoReminder);

/// Records it; the field layer tells the meter.
impl Verb for AcknowledgeReminder {
    const NAME: &'static str = "acknowledge-reminder";
    type Refusal = NoReminder;

    fn right(&self) -> Action {
        Action::AcknowledgeReminder
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoReminder> {
        async move {
            let done = households::acknowledge_reminder(conn, &self.room_id, self.reminder).await?;
            if done { Ok(()) } else { Err(NoReminder.into()) }
        }
        .boxed()
    }
}
