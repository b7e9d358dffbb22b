//! Releasing a household that protection has locked out, so that its supply may come back.

use domain::actor::Actor;
use domain::ids::RoomId;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// No such lock-out keeps a loop of the room open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is over already")]
pub struct NoLockout;

refusals!(NoLockout);

/// Records it; the field layer tells the meter.
impl Verb for ReleaseLockout {
    const NAME: &'static str = "release-lockout";
    type Refusal = NoLockout;

    fn right(&self) -> Action {
        Action::ReleaseLockout
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoLockout> {
        async move {
            let done = details::release_lockout(conn, &self.room_id, self.lockout).await?;
            if done { Ok(()) } else { Err(NoLockout.into()) }
        }
        .boxed()
    }
}
