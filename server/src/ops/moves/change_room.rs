//! Changing rooms: the residents of a room move to a vacant one in one action, and their paid credit follows as soon as
//! the former room's meter has closed its epoch.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{RoomId, TenancyId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::move_in;
use super::move_out::{Leaving, leave};
use crate::db::Db;
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

/// Ends the tenancy of one room and opens one with the same residents in the other.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::MovedOut`], [`OpError::NoTenancy`],
/// [`OpError::TenancyChanged`], [`OpError::AwaitsCredit`], [`OpError::Occupied`], [`OpError::ClosingUnknown`],
/// [`OpError::NoMeter`], [`OpError::KeyReused`].
pub async fn change_room(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: ChangeRoom,
) -> Result<Outcome, OpError> {
    require(actor, Action::MoveOut)?;
    let subject = request.room_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "change-room", &request.key, &subject, &request)?;
    let tenancy = residents::Tenancy {
        id: TenancyId::new(clock),
        room_id: request.to_room_id.clone(),
        opened_ms: operation.at_ms,
    };
    let by = actor.id();
    operation
        .run(db, (request, tenancy, by), |operation, (request, tenancy, by), conn| {
            async move {
                // The new tenancy comes first: the departure refers to it.
                let residents = residents::residents_of(conn, &request.tenancy_id).await?;
                check(conn, request).await?;
                move_in::open(conn, tenancy, &residents).await?;
                let leaving = Leaving {
                    id: &operation.id,
                    at_ms: operation.at_ms,
                    room: &request.room_id,
                    tenancy: &request.tenancy_id,
                    by,
                    to: Some(&tenancy.id),
                };
                leave(conn, &leaving).await
            }
            .boxed()
        })
        .await
}

/// The credit goes where a meter can take it.
async fn check(conn: &mut AnyConnection, request: &ChangeRoom) -> Result<(), OpError> {
    if departures::of_tenancy(conn, &request.tenancy_id).await?.is_some() {
        return Err(OpError::MovedOut);
    }
    match households::of_room(conn, &request.to_room_id).await? {
        Some(_) => Ok(()),
        None => Err(OpError::NoMeter),
    }
}
