//! Asking for a move-out: from then on nobody lives in the room, and its meter is asked to close the epoch.

use domain::actor::Actor;
use domain::ids::{OperationId, RoomId, TenancyId, UserId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::meters::households;
use crate::store::moves::departures::{self, NewDeparture};
use crate::store::people::residents;
use crate::store::places::rooms;

/// Who leaves which room.
#[derive(Clone, Debug, Serialize)]
pub struct AskMoveOut {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy that the form was for.
    pub tenancy_id: TenancyId,
}

/// Why a tenancy does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotLeaving {
    /// There is no such room.
    #[error("no such room")]
    NoRoom,
    /// They have moved out already.
    #[error("these residents have moved out already")]
    MovedOut,
    /// Nobody lives there.
    #[error("the room is vacant")]
    Vacant,
    /// Others live there than when the form was shown.
    #[error("the room's residents have changed")]
    OthersLiveThere,
    /// What is left of the account of the room they came from has not arrived yet.
    #[error("credit from the former room has not arrived yet")]
    AwaitsCredit,
}

refusals!(NotLeaving);

/// Ends a tenancy. Its credit stays where it is until it is settled.
impl Verb for AskMoveOut {
    const NAME: &'static str = "move-out";
    type Refusal = NotLeaving;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotLeaving> {
        async move {
            let leaving = Leaving {
                id: &operation.id,
                at_ms: operation.at_ms,
                room: &self.room_id,
                tenancy: &self.tenancy_id,
                by: &operation.by.id(),
                to: None,
            };
            leave(conn, &leaving).await
        }
        .boxed()
    }
}

/// A tenancy that is to end.
#[derive(Clone, Debug)]
pub(in crate::ops) struct Leaving<'a> {
    /// The departure's id.
    pub(in crate::ops) id: &'a OperationId,
    /// When, site time.
    pub(in crate::ops) at_ms: i64,
    /// The room that is left.
    pub(in crate::ops) room: &'a RoomId,
    /// The tenancy that ends.
    pub(in crate::ops) tenancy: &'a TenancyId,
    /// Who asked for it.
    pub(in crate::ops) by: &'a UserId,
    /// The tenancy that takes the credit over, when the residents change rooms.
    pub(in crate::ops) to: Option<&'a TenancyId>,
}

/// Ends a tenancy within an operation.
///
/// # Errors
/// [`NotLeaving`]; the database's.
pub(in crate::ops) async fn leave(
    conn: &mut AnyConnection,
    leaving: &Leaving<'_>,
) -> Result<(), Refused<NotLeaving>> {
    let (room, tenancy) = (leaving.room, leaving.tenancy);
    rooms::room(conn, room).await?.ok_or(NotLeaving::NoRoom)?;
    if departures::of_tenancy(conn, tenancy).await?.is_some() {
        return Err(NotLeaving::MovedOut.into());
    }
    match residents::open_tenancy(conn, room).await? {
        None => return Err(NotLeaving::Vacant.into()),
        Some(open) if open.id != *tenancy => return Err(NotLeaving::OthersLiveThere.into()),
        Some(_) => {}
    }
    if departures::awaits_credit(conn, tenancy).await? {
        return Err(NotLeaving::AwaitsCredit.into());
    }
    if !residents::close(conn, tenancy, leaving.at_ms).await? {
        return Err(NotLeaving::MovedOut.into());
    }
    let served = households::vacate(conn, tenancy).await?;
    let departure = NewDeparture {
        id: leaving.id,
        tenancy_id: tenancy,
        room_id: room,
        epoch: served.as_ref().map_or(0, |(_, epoch)| *epoch),
        household_id: served.as_ref().map(|(household, _)| household),
        to_tenancy_id: leaving.to,
        asked_ms: leaving.at_ms,
        asked_by: leaving.by,
    };
    departures::insert(conn, &departure).await?;
    Ok(())
}
