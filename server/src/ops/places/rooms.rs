//! Buildings, and rooms on their floors.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{BuildingId, FloorId, RoomId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::{Db, DbError};
use crate::store::places::rooms;

/// The most rooms added at a time.
const MAX_ROOMS: usize = 200;

/// Rooms to be added to a floor.
#[derive(Clone, Debug, Serialize)]
pub struct AddRooms {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The building.
    pub building_id: BuildingId,
    /// The floor's name; it is added when the building has none of that name.
    pub floor: String,
    /// The rooms' names, as [`room_names`] makes them.
    pub names: Vec<String>,
}

/// Adds a building.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`], [`OpError::Invalid`] with field `name`.
pub async fn add_building(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    name: &str,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetUpSite)?;
    let name = OpError::text("name", name, 60)?;
    let operation = Operation::new(clock, actor, "add-building", key, "site", &name)?;
    let id = BuildingId::new(clock);
    operation
        .run(db, (name, id), |_, (name, id), conn| {
            async move {
                rooms::add_building(conn, id, name).await.map_err(OpError::exists("building"))?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Adds rooms to a floor of a building: all of them or none.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`], [`OpError::Exists`],
/// [`OpError::Invalid`] with field `floor` or `rooms`.
pub async fn add_rooms(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut form: AddRooms,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetUpSite)?;
    form.floor = OpError::text("floor", &form.floor, 40)?;
    let operation = Operation::new(clock, actor, "add-rooms", &form.key, form.building_id.as_str(), &form)?;
    let floor_id = FloorId::new(clock);
    let ids: Vec<_> = form.names.iter().map(|_| RoomId::new(clock)).collect();
    operation
        .run(db, (form, floor_id, ids), |_, (form, floor_id, ids), conn| {
            async move {
                let floor = match rooms::floor(conn, floor_id, &form.building_id, &form.floor).await {
                    Err(DbError::Constraint(_)) => return Err(OpError::NotFound("building")),
                    found => found?,
                };
                for (position, (id, name)) in (0..).zip(ids.iter().zip(&form.names)) {
                    rooms::add_room(conn, id, &floor, name, position)
                        .await
                        .map_err(OpError::exists("room"))?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Room names from text such as `101-120, 201A`: a range counts up, keeping leading zeros.
///
/// # Errors
/// [`OpError::Invalid`] with field `rooms`: nothing named, a range backwards, or more than 200 at a time.
pub fn room_names(text: &str) -> Result<Vec<String>, OpError> {
    let wrong = |problem| OpError::Invalid { field: "rooms", problem };
    let mut names = Vec::new();
    for part in text.split([',', '，', '、', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let range = part.split_once(['-', '–', '~']);
        let bounds = range.and_then(|(first, last)| {
            let (first_number, last_number) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
            Some((first_number, last_number, first.len()))
        });
        match bounds {
            Some((first, last, _)) if last < first => return Err(wrong(Problem::Malformed)),
            Some((first, last, _)) if (last - first) as usize >= MAX_ROOMS => {
                return Err(wrong(Problem::TooLong));
            }
            Some((first, last, width)) => {
                names.extend((first..=last).map(|number| format!("{number:0width$}")))
            }
            None => names.push(OpError::text("rooms", part, 20)?),
        }
        if names.len() > MAX_ROOMS {
            return Err(wrong(Problem::TooLong));
        }
    }
    if names.is_empty() { Err(wrong(Problem::Missing)) } else { Ok(names) }
}

#[cfg(test)]
mod tests {
    use super::room_names;

    #[test]
    fn ranges_count_up_and_keep_their_zeros() {
        assert_eq!(room_names("101-103, 201A").unwrap(), ["101", "102", "103", "201A"]);
        assert_eq!(room_names("008–010").unwrap(), ["008", "009", "010"]);
        assert_eq!(room_names("A-1").unwrap(), ["A-1"]);
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in ["", " , ", "120-101", "1-100000", "1-4294967295"] {
            assert!(room_names(wrong).is_err(), "{wrong}");
        }
    }
}
