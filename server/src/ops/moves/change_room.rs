//! Changing rooms: the residents of a room move to a vacant one in one action, and their paid credit follows as soon as
//! the former room's meter has closed its epoch.

use domain::actor::Actor;
use domain::ids::{RoomId, TenancyId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::move_in::{self, NotMovedIn};
use super::move_out::{Leaving, NotLeaving, leave};
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::meters::households;
use crate::store::moves::departures;
use crate::store::people::residents;

/// Who moves where.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeRoom {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room that is left.
    pub room_id: RoomId,
    /// The tenancy that the form was for.
    pub tenancy_id: TenancyId,
    /// The room that is taken: vacant, and served by a meter.
    pub to_room_id: RoomId,
}

/// Why a room is not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    /// They cannot leave.
    #[error("{0}")]
    Leaving(NotLeaving),
    /// They cannot move in.
    #[error("{0}")]
    MovingIn(NotMovedIn),
    /// No meter serves the new room, so that the credit has nowhere to go.
    #[error("no meter serves the room")]
    NoMeter,
}

refusals!(NotChanged);

/// Ends the tenancy of one room and opens one with the same residents in the other.
impl Verb for ChangeRoom {
    const NAME: &'static str = "change-room";
    type Refusal = NotChanged;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotChanged> {
        change(operation, self, conn).boxed()
    }
}

async fn change(
    operation: &Operation,
    request: &ChangeRoom,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotChanged>> {
    let tenancy = residents::Tenancy {
        id: TenancyId(operation.new_id()),
        room_id: request.to_room_id.clone(),
        opened_ms: operation.at_ms,
    };
    // The new tenancy comes first: the departure refers to it.
    let residents = residents::residents_of(conn, &request.tenancy_id).await?;
    check(conn, request).await?;
    let moved_in = move_in::open(conn, &tenancy, &residents).await;
    moved_in.map_err(|refused| refused.map(NotChanged::MovingIn))?;
    let leaving = Leaving {
        id: &operation.id,
        at_ms: operation.at_ms,
        room: &request.room_id,
        tenancy: &request.tenancy_id,
        by: &operation.by.id(),
        to: Some(&tenancy.id),
    };
    leave(conn, &leaving).await.map_err(|refused| refused.map(NotChanged::Leaving))
}

/// The credit goes where a meter can take it.
async fn check(conn: &mut AnyConnection, request: &ChangeRoom) -> Result<(), Refused<NotChanged>> {
    if departures::of_tenancy(conn, &request.tenancy_id).await?.is_some() {
        return Err(NotChanged::Leaving(NotLeaving::MovedOut).into());
    }
    match households::of_room(conn, &request.to_room_id).await? {
        Some(_) => Ok(()),
        None => Err(NotChanged::NoMeter.into()),
    }
}
