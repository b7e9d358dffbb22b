//! Moving in: a tenancy for a vacant room, and a fresh credit epoch in the meter that serves it.

use domain::actor::Actor;
use domain::ids::{ResidentId, RoomId, TenancyId};
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals, taken};
use crate::store::meters::households;
use crate::store::moves::departures;
use crate::store::people::residents;
use crate::store::places::rooms;

/// The most residents that share a room.
pub const MAX_RESIDENTS: usize = 12;
/// The most characters of a resident's number.
pub const MAX_NUMBER: usize = 40;
/// The most characters of a name.
pub const MAX_NAME: usize = 80;

/// A person who moves in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewResident {
    /// The number the property knows them by; an existing number is the same person.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// Who moves in where.
#[derive(Clone, Debug, Serialize)]
pub struct MoveIn {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// One to [`MAX_RESIDENTS`] people.
    pub residents: Vec<NewResident>,
}

/// Why nobody moves in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMovedIn {
    /// There is no such room.
    #[error("no such room")]
    NoRoom,
    /// Somebody lives there.
    #[error("the room is occupied")]
    Occupied,
    /// The meter has not closed the account of those who left.
    #[error("the former residents' closing reading is not known yet")]
    Unclosed,
    /// Nobody is named.
    #[error("nobody is named")]
    Nobody,
    /// More than share a room.
    #[error("too many share the room")]
    TooMany,
    /// A number is named twice.
    #[error("a number is named twice")]
    Twice,
    /// The number is that of somebody else; of whom.
    #[error("the number {number} is that of {name}")]
    OtherName {
        /// The number.
        number: String,
        /// Whose it is.
        name: String,
    },
    /// The person lives elsewhere; where.
    #[error("{name} lives in {place}")]
    LivesElsewhere {
        /// Who.
        name: String,
        /// Building and room.
        place: String,
    },
    /// Something is wrong with a number.
    #[error("a number {0}")]
    Number(TextProblem),
    /// Something is wrong with a name.
    #[error("a name {0}")]
    Name(TextProblem),
}

refusals!(NotMovedIn);

/// Opens the tenancy and, where a meter serves the room, its next epoch with no credit.
impl Verb for MoveIn {
    const NAME: &'static str = "move-in";
    type Refusal = NotMovedIn;

    fn right(&self) -> Action {
        Action::MoveIn
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NotMovedIn> {
        tidy(&mut self.residents)
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotMovedIn> {
        async move {
            let (tenancy, residents) = newcomers(operation, &self.room_id, &self.residents);
            arrive(conn, &tenancy, &residents).await
        }
        .boxed()
    }
}

/// A tenancy to be, and its people; those whose number is known keep their id.
pub(super) fn newcomers(
    operation: &Operation,
    room_id: &RoomId,
    residents: &[NewResident],
) -> (residents::Tenancy, Vec<residents::Resident>) {
    let id = TenancyId(operation.new_id());
    let tenancy = residents::Tenancy { id, room_id: room_id.clone(), opened_ms: operation.at_ms };
    let resident = |new: &NewResident| residents::Resident {
        id: ResidentId(operation.new_id()),
        number: new.number.clone(),
        name: new.name.clone(),
    };
    (tenancy, residents.iter().map(resident).collect())
}

pub(super) fn tidy(residents: &mut [NewResident]) -> Result<(), NotMovedIn> {
    match residents.len() {
        0 => return Err(NotMovedIn::Nobody),
        1..=MAX_RESIDENTS => {}
        _ => return Err(NotMovedIn::TooMany),
    }
    for resident in &mut *residents {
        resident.number =
            text::required_identity(&resident.number, MAX_NUMBER).map_err(NotMovedIn::Number)?;
        resident.name = text::required(&resident.name, MAX_NAME).map_err(NotMovedIn::Name)?;
    }
    let mut numbers: Vec<_> = residents.iter().map(|resident| &resident.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(NotMovedIn::Twice);
    }
    Ok(())
}

/// Opens a tenancy for people who come from outside: nobody is renamed by moving in, and nobody lives twice.
pub(super) async fn arrive(
    conn: &mut AnyConnection,
    tenancy: &residents::Tenancy,
    residents: &[residents::Resident],
) -> Result<(), Refused<NotMovedIn>> {
    for resident in residents {
        check_person(conn, resident).await?;
    }
    open(conn, tenancy, residents).await
}

/// Opens a tenancy; those who share it may come from another room.
pub(super) async fn open(
    conn: &mut AnyConnection,
    tenancy: &residents::Tenancy,
    residents: &[residents::Resident],
) -> Result<(), Refused<NotMovedIn>> {
    rooms::room(conn, &tenancy.room_id).await?.ok_or(NotMovedIn::NoRoom)?;
    if residents::open_tenancy(conn, &tenancy.room_id).await?.is_some() {
        return Err(NotMovedIn::Occupied.into());
    }
    // What newcomers use would be counted on the former residents' epoch while the meter has not closed that.
    if departures::unclosed(conn, &tenancy.room_id).await? {
        return Err(NotMovedIn::Unclosed.into());
    }
    residents::open(conn, tenancy).await.map_err(taken(NotMovedIn::Occupied))?;
    for resident in residents {
        let id = residents::put_resident(conn, resident, tenancy.opened_ms).await?;
        residents::join(conn, &tenancy.id, &id, tenancy.opened_ms).await?;
    }
    households::open_epoch(conn, &tenancy.room_id, &tenancy.id).await?;
    Ok(())
}

async fn check_person(
    conn: &mut AnyConnection,
    resident: &residents::Resident,
) -> Result<(), Refused<NotMovedIn>> {
    let Some(known) = residents::known(conn, &resident.number).await? else { return Ok(()) };
    if text::folded(&known.name) != text::folded(&resident.name) {
        return Err(NotMovedIn::OtherName { number: known.number, name: known.name }.into());
    }
    match known.lives_in {
        Some(place) => Err(NotMovedIn::LivesElsewhere { name: known.name, place }.into()),
        None => Ok(()),
    }
}
