//! Groups of rooms that pay alike: a new one, and which rooms are in it.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::GroupId;
use domain::rights::Action;
use domain::settings::Scope;
use domain::tariff::Tariff;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::{Serialize, Serializer};

use crate::db::Db;
use crate::store::plans::{price_plans, room_groups};

/// Adds a group without rooms.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`] and [`OpError::Invalid`] with field `group_name`.
pub async fn add_group(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    name: &str,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetPrice)?;
    let name = OpError::text("group_name", name, 60)?;
    let operation = Operation::new(clock, actor, "add-room-group", key, "site", &name)?;
    let id = GroupId::new(clock);
    operation
        .run(db, (id, name), |operation, (id, name), conn| {
            async move {
                let added = room_groups::add(conn, id, name, operation.at_ms).await;
                added.map_err(OpError::exists("group_name"))
            }
            .boxed()
        })
        .await
}

/// Which rooms are to be in which group.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceRooms {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The group.
    pub group_id: GroupId,
    /// The rooms.
    #[serde(serialize_with = "as_text")]
    pub scope: Scope,
    /// Of them only those behind three-phase outlets.
    pub three_phase: bool,
}

fn as_text<S: Serializer>(scope: &Scope, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(scope)
}

/// Places rooms in a group: from now on they pay what it pays.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`]; [`OpError::MeterHeld`] when the group pays, or
/// will pay, by the time of use and a meter keeps the credit of one of its rooms.
pub async fn place_rooms(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: PlaceRooms,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetPrice)?;
    let subject = request.group_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "place-rooms", &request.key, &subject, &request)?;
    operation
        .run(db, request, |operation, request, conn| {
            async move {
                let PlaceRooms { group_id, scope, three_phase, .. } = request;
                let groups = room_groups::all(conn).await?;
                if !groups.iter().any(|group| group.id == *group_id) {
                    return Err(OpError::NotFound("group"));
                }
                room_groups::place(conn, group_id, scope, *three_phase).await?;
                let mut by_hour = false;
                for plan in price_plans::from_now_on(conn, group_id, operation.at_ms).await? {
                    by_hour |= matches!(plan.tariff()?, Tariff::TimeOfUse(_));
                }
                if by_hour && room_groups::rooms_with_meter(conn, group_id).await? > 0 {
                    return Err(OpError::MeterHeld);
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
