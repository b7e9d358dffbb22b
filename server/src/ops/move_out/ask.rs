//! Asking for a move-out: from then on nobody lives in the room, and its meter is asked to close the epoch.

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::clock::Clock;
use crate::db::Db;
use crate::ids::{RoomId, TenancyId, UserId};
use crate::ops::operation::{Operation, Outcome};
use crate::ops::policy::{Action, require};
use crate::ops::{Actor, Key, OpError};
use crate::store::departures::{self, Departure};
use crate::store::{households, people, places};

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
    let by = actor.user_id.clone();
    operation
        .run(db, (request, by), |operation, (request, by), conn| {
            async move {
                leave(conn, operation, (&request.room_id, &request.tenancy_id), by, None).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Ends the tenancy of a room within an operation; `to` takes its credit over when the residents change rooms.
pub(super) async fn leave(
    conn: &mut AnyConnection,
    operation: &Operation,
    (room, tenancy): (&RoomId, &TenancyId),
    by: &UserId,
    to: Option<TenancyId>,
) -> Result<Departure, OpError> {
    places::room(conn, room).await?.ok_or(OpError::NotFound("room"))?;
    if departures::of_tenancy(conn, tenancy).await?.is_some() {
        return Err(OpError::MovedOut);
    }
    match people::open_tenancy(conn, room).await? {
        None => return Err(OpError::NoTenancy),
        Some(open) if open.id != *tenancy => return Err(OpError::TenancyChanged),
        Some(_) => {}
    }
    if departures::awaits_credit(conn, tenancy).await? {
        return Err(OpError::AwaitsCredit);
    }
    if !people::close(conn, tenancy, operation.at_ms).await? {
        return Err(OpError::MovedOut);
    }
    let served = households::vacate(conn, tenancy).await?;
    let departure = Departure {
        id: operation.id.clone(),
        tenancy_id: tenancy.clone(),
        room_id: room.clone(),
        epoch: served.as_ref().map_or(0, |(_, epoch)| *epoch),
        household_id: served.map(|(household, _)| household),
        to_tenancy_id: to,
        asked_ms: operation.at_ms,
        entered_used_wh: None,
        entered_ms: None,
        done_ms: None,
        closed_used_wh: None,
        closed_total_wh: None,
        closed_ms: None,
    };
    departures::insert(conn, &departure, by).await?;
    Ok(departure)
}
