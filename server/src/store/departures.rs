//! Departures: tenancies that end, and what is still to come of each.

use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::ids::{HouseholdId, OperationId, RoomId, TenancyId, UserId};

/// A tenancy that ends.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Departure {
    /// The operation that asked for it.
    pub id: OperationId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
    /// The room that is left.
    pub room_id: RoomId,
    /// The outlet that served it; `None` without one.
    pub household_id: Option<HouseholdId>,
    /// The epoch that ends.
    pub epoch: i64,
    /// The tenancy that takes the credit over, when the residents change rooms.
    pub to_tenancy_id: Option<TenancyId>,
    /// When it was asked for, site time.
    pub asked_ms: i64,
    /// Used in the epoch by a reading entered by hand, in Wh.
    pub entered_used_wh: Option<i64>,
    /// When it was settled or carried over.
    pub done_ms: Option<i64>,
    /// Used in the epoch as its meter closed it, in Wh; 0 for an epoch that the meter never opened.
    pub closed_used_wh: Option<i64>,
}

impl Departure {
    /// What was used in the epoch, in Wh, as far as it is known: the meter's word before the one entered by hand.
    #[must_use]
    pub fn used_wh(&self) -> Option<i64> {
        match self.household_id {
            None => Some(0),
            Some(_) => self.closed_used_wh.or(self.entered_used_wh),
        }
    }
}

/// Adds a departure.
///
/// # Errors
/// The database's.
pub async fn insert(conn: &mut AnyConnection, departure: &Departure, by: &UserId) -> Result<(), DbError> {
    sql!(
        "INSERT INTO departures (id, tenancy_id, room_id, household_id, epoch, to_tenancy_id, asked_ms, asked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        departure.id.as_str(),
        departure.tenancy_id.as_str(),
        departure.room_id.as_str(),
        departure.household_id.as_ref().map(HouseholdId::as_str),
        departure.epoch,
        departure.to_tenancy_id.as_ref().map(TenancyId::as_str),
        departure.asked_ms,
        by.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! departure_where {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.tenancy_id, d.room_id, d.household_id, d.epoch, d.to_tenancy_id, d.asked_ms,
                    d.entered_used_wh, d.done_ms,
                    COALESCE(c.used_wh, CASE WHEN k.epoch > d.epoch THEN 0 END) AS closed_used_wh
             FROM departures d
             LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
             LEFT JOIN closings_known k ON k.household_id = d.household_id ",
            $rest
        )
    };
}

/// The departure of a tenancy, if it was asked for.
///
/// # Errors
/// The database's.
pub async fn of_tenancy(conn: &mut AnyConnection, id: &TenancyId) -> Result<Option<Departure>, DbError> {
    let row = sql_as!(Departure, departure_where!("WHERE d.tenancy_id = $1"), id.as_str());
    Ok(row.fetch_optional(conn).await?)
}

/// A departure.
///
/// # Errors
/// The database's.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Departure>, DbError> {
    let row = sql_as!(Departure, departure_where!("WHERE d.id = $1"), id.as_str());
    Ok(row.fetch_optional(conn).await?)
}

/// Whether somebody left this room of whose epoch neither the meter nor a person has said how it ended.
///
/// # Errors
/// The database's.
pub async fn unclosed(conn: &mut AnyConnection, room: &RoomId) -> Result<bool, DbError> {
    let found = sql_as!(
        (String,),
        "SELECT d.id FROM departures d JOIN households h ON h.id = d.household_id
         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
         LEFT JOIN closings_known k ON k.household_id = d.household_id
         WHERE h.room_id = $1 AND d.entered_used_wh IS NULL AND c.epoch IS NULL AND COALESCE(k.epoch, 1) <= d.epoch
         LIMIT 1",
        room.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}
