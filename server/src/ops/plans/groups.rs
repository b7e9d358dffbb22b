//! Groups of rooms that pay alike: a new one, and which rooms are in it.

use domain::actor::Actor;
use domain::ids::GroupId;
use domain::rights::Action;
use domain::settings::Scope;
use domain::tariff::Tariff;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::{Serialize, Serializer};
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
use crate::store::plans::{price_plans, room_groups};

/// A group to be added.
#[derive(Clone, Debug, Serialize)]
pub struct AddGroup {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Its name.
    pub name: String,
}

/// Why a group is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGroup {
    /// Something is wrong with its name.
    #[error("the name {0}")]
    Name(TextProblem),
    /// There is one of that name.
    #[error("there is a group of that name")]
    Taken,
}

/// Why rooms are not placed in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlaced {
    /// There is no such group.
    #[error("no such group")]
    NoGroup,
    /// The group pays, or will pay, by the time of use, and a meter keeps the credit of one of its rooms.
    #[error("meters keep the credit of these rooms")]
    MeterHeld,
}

refusals!(NoGroup, NotPlaced);

/// Adds a group without rooms.
impl Verb for AddGroup {
    const NAME: &'static str = "add-room-group";
    const WAKES: bool = false;
    type Refusal = NoGroup;

    fn right(&self) -> Action {
        Action::SetPrice
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoGroup> {
        self.name = text::required(&self.name, 60).map_err(NoGroup::Name)?;
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoGroup> {
        async move {
            let id = GroupId(operation.new_id());
            let added = room_groups::add(conn, &id, &self.name, operation.at_ms).await;
            added.map_err(taken(NoGroup::Taken))
        }
        .boxed()
    }
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
impl Verb for PlaceRooms {
    const NAME: &'static str = "place-rooms";
    const WAKES: bool = false;
    type Refusal = NotPlaced;

    fn right(&self) -> Action {
        Action::SetPrice
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.group_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotPlaced> {
        place(operation, self, conn).boxed()
    }
}

async fn place(
    operation: &Operation,
    request: &PlaceRooms,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NotPlaced>> {
    let PlaceRooms { group_id, scope, three_phase, .. } = request;
    let groups = room_groups::all(conn).await?;
    if !groups.iter().any(|group| group.id == *group_id) {
        return Err(NotPlaced::NoGroup.into());
    }
    room_groups::place(conn, group_id, scope, *three_phase).await?;
    let mut by_hour = false;
    for plan in price_plans::from_now_on(conn, group_id, operation.at_ms).await? {
        by_hour |= matches!(plan.tariff()?, Tariff::TimeOfUse(_));
    }
    if by_hour && room_groups::rooms_with_meter(conn, group_id).await? > 0 {
        return Err(NotPlaced::MeterHeld.into());
    }
    Ok(())
}
