//! Whose rooms somebody may ask about: the office about every room and any time, a resident about the rooms of their own
//! tenancies, while they lived there.
//!
//! A [`Seen`] is the only ticket to what is true of a room, and only a [`Scope`] hands one out: whoever has a scope of one
//! room can name no other, and nothing of it from before or after.

use domain::actor::Actor;
use domain::ids::{RoomId, TenancyId};
use domain::rights::Action;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::store::people::residents::{self, Stay};

/// Whose rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's: the office.
    Site,
    /// Of these stays; the latest first.
    Stays(Vec<Stay>),
}

/// A room that may be asked about, and of when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    room_id: RoomId,
    /// `None`: of everybody who lives or lived there.
    stay: Option<Stay>,
}

impl Scope {
    /// What an actor may ask about.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(conn: &mut AnyConnection, actor: &Actor) -> Result<Self, DbError> {
        match actor {
            Actor::Resident(resident) => {
                Ok(Self::Stays(residents::stays_of(conn, &resident.resident_id).await?))
            }
            staff if staff.may(Action::SeeRooms) => Ok(Self::Site),
            Actor::Staff(_) | Actor::Provider(_) | Actor::Schedule(_) => Ok(Self::Stays(Vec::new())),
        }
    }

    /// The room, if it is among these; of several stays in it the latest.
    #[must_use]
    pub fn room(&self, id: &RoomId) -> Option<Seen> {
        match self {
            Self::Site => Some(Seen { room_id: id.clone(), stay: None }),
            Self::Stays(stays) => stays.iter().find(|stay| stay.room_id == *id).map(Seen::of),
        }
    }

    /// A tenancy of the room, if it is among these.
    #[must_use]
    pub fn tenancy(&self, room: &RoomId, tenancy: &TenancyId) -> Option<Seen> {
        match self {
            Self::Site => self.room(room),
            Self::Stays(stays) => {
                let own = |stay: &&Stay| stay.room_id == *room && stay.tenancy_id == *tenancy;
                stays.iter().find(own).map(Seen::of)
            }
        }
    }
}

impl Seen {
    fn of(stay: &Stay) -> Self {
        Self { room_id: stay.room_id.clone(), stay: Some(stay.clone()) }
    }

    /// Which room.
    #[must_use]
    pub const fn room_id(&self) -> &RoomId {
        &self.room_id
    }

    /// The one tenancy that it is about; `None`: about all of them.
    #[must_use]
    pub fn tenancy_id(&self) -> Option<&TenancyId> {
        self.stay.as_ref().map(|stay| &stay.tenancy_id)
    }

    /// What the room is at this moment is theirs to know.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.stay.as_ref().is_none_or(|stay| stay.until_ms.is_none())
    }

    /// Since when and until when, site time; the end is without.
    #[must_use]
    pub fn span_ms(&self) -> (i64, i64) {
        let Some(stay) = &self.stay else { return (i64::MIN, i64::MAX) };
        (stay.from_ms, stay.until_ms.unwrap_or(i64::MAX))
    }

    /// The part of a span that is theirs; empty, and never turned round, where nothing is.
    #[must_use]
    pub fn clip_ms(&self, (from_ms, until_ms): (i64, i64)) -> (i64, i64) {
        let (first_ms, end_ms) = self.span_ms();
        let from_ms = from_ms.max(first_ms);
        (from_ms, until_ms.min(end_ms).max(from_ms))
    }
}
