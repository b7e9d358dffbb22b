//! Buildings, and rooms on their floors.

use domain::actor::Actor;
use domain::ids::{BuildingId, FloorId, RoomId};
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Verb, Written, refusals, taken};
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

/// A building to be added.
#[derive(Clone, Debug, Serialize)]
pub struct AddBuilding {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Its name.
    pub name: String,
}

/// Why a building is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBuilding {
    /// Something is wrong with its name.
    #[error("the name {0}")]
    Name(TextProblem),
    /// There is one of that name.
    #[error("there is a building of that name")]
    Taken,
}

/// Why rooms are not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRooms {
    /// There is no such building.
    #[error("no such building")]
    NoBuilding,
    /// Something is wrong with the floor's name.
    #[error("the floor {0}")]
    Floor(TextProblem),
    /// A room of that name is on the floor.
    #[error("there is a room of that name")]
    Taken,
}

refusals!(NoBuilding, NoRooms);

/// Adds a building.
impl Verb for AddBuilding {
    const NAME: &'static str = "add-building";
    const WAKES: bool = false;
    type Refusal = NoBuilding;

    fn right(&self) -> Action {
        Action::SetUpSite
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoBuilding> {
        self.name = text::required(&text::plain(&self.name), 60).map_err(NoBuilding::Name)?;
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoBuilding> {
        async move {
            let id = BuildingId(operation.new_id());
            rooms::add_building(conn, &id, &self.name).await.map_err(taken(NoBuilding::Taken))
        }
        .boxed()
    }
}

/// Adds rooms to a floor of a building: all of them or none.
impl Verb for AddRooms {
    const NAME: &'static str = "add-rooms";
    const WAKES: bool = false;
    type Refusal = NoRooms;

    fn right(&self) -> Action {
        Action::SetUpSite
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.building_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoRooms> {
        self.floor = text::required(&text::plain(&self.floor), 40).map_err(NoRooms::Floor)?;
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoRooms> {
        async move {
            let floor_id = FloorId(operation.new_id());
            let floor = match rooms::floor(conn, &floor_id, &self.building_id, &self.floor).await {
                Err(DbError::Constraint(_)) => return Err(NoRooms::NoBuilding.into()),
                found => found?,
            };
            for (position, name) in (0..).zip(&self.names) {
                let id = RoomId(operation.new_id());
                rooms::add_room(conn, &id, &floor, name, position).await.map_err(taken(NoRooms::Taken))?;
            }
            Ok(())
        }
        .boxed()
    }
}

/// Room names from text such as `101-120, 201A`: a range counts up, keeping leading zeros.
///
/// # Errors
/// Nothing named, a range backwards, or more than 200 at a time.
pub fn room_names(typed: &str) -> Result<Vec<String>, TextProblem> {
    let mut names = Vec::new();
    for part in typed.split([',', '，', '、', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let range = part.split_once(['-', '–', '~']);
        let bounds = range.and_then(|(first, last)| {
            let (first_number, last_number) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
            Some((first_number, last_number, first.len()))
        });
        match bounds {
            Some((first, last, _)) if last < first => return Err(TextProblem::Malformed),
            Some((first, last, _)) if (last - first) as usize >= MAX_ROOMS => {
                return Err(TextProblem::TooLong);
            }
            Some((first, last, width)) => {
                names.extend((first..=last).map(|number| format!("{number:0width$}")))
            }
            None => names.push(text::required(&text::plain(part), 20)?),
        }
        if names.len() > MAX_ROOMS {
            return Err(TextProblem::TooLong);
        }
    }
    if names.is_empty() { Err(TextProblem::Missing) } else { Ok(names) }
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
