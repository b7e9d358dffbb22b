//! Asking for a move-out: from then on nobody lives in the room, and its meter is asked to close the epoch.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{OperationId, RoomId, TenancyId, UserId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::Db;
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

/// Ends a tenancy. Its credit stays where it is until it is settled.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::MovedOut`], [`OpError::NoTenancy`],
/// [`OpError::TenancyChanged`], [`OpError::AwaitsCredit`], [`OpError::KeyReused`].
pub async fn ask(db: &Db, clock: &dyn Clock, actor: &Actor, request: AskMoveOut) -> Result<Outcome, OpError> {
    require(actor, Action::MoveOut)?;
    let operation =
        Operation::new(clock, actor, "move-out", &request.key, request.room_id.as_str(), &request)?;
    let by = actor.id();
    operation
        .run(db, (request, by), |operation, (request, by), conn| {
            async move {
                let leaving = Leaving {
                    id: &operation.id,
                    at_ms: operation.at_ms,
                    room: &request.room_id,
                    tenancy: &request.tenancy_id,
                    by,
                    to: None,
                };
                leave(conn, &leaving).await?;
                Ok(())
            }
            .boxed()
        })
        .await
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
/// Those of [`ask`]; the database's.
pub(in crate::ops) async fn leave(conn: &mut AnyConnection, leaving: &Leaving<'_>) -> Result<(), OpError> {
    let (room, tenancy) = (leaving.room, leaving.tenancy);
    rooms::room(conn, room).await?.ok_or(OpError::NotFound("room"))?;
    if departures::of_tenancy(conn, tenancy).await?.is_some() {
        return Err(OpError::MovedOut);
    }
    match residents::open_tenancy(conn, room).await? {
        None => return Err(OpError::NoTenancy),
        Some(open) if open.id != *tenancy => return Err(OpError::TenancyChanged),
        Some(_) => {}
    }
    if departures::awaits_credit(conn, tenancy).await? {
        return Err(OpError::AwaitsCredit);
    }
    if !residents::close(conn, tenancy, leaving.at_ms).await? {
        return Err(OpError::MovedOut);
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
