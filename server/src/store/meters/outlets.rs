//! A meter's outlets and the rooms they serve.

use domain::ids::{HouseholdId, MeterId, RoomId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// One of a meter's outlets.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OutletRoom {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// Its phases: 1 or 3.
    pub phases: i64,
    /// The household that it is.
    pub household_id: HouseholdId,
    /// The room it serves.
    pub room_id: Option<RoomId>,
    /// Its name.
    pub room_name: Option<String>,
    /// Its floor.
    pub floor_name: Option<String>,
    /// Its building.
    pub building_name: Option<String>,
}

/// A meter's outlets, in order.
pub async fn of_meter(conn: &mut AnyConnection, meter: &MeterId) -> Result<Vec<OutletRoom>, DbError> {
    let rows = sql_as!(
        OutletRoom,
        "SELECT h.position, h.phases, h.id AS household_id, r.id AS room_id, r.name AS room_name, f.name AS floor_name, b.name AS building_name
         FROM outlets h LEFT JOIN rooms r ON r.id = h.room_id LEFT JOIN floors f ON f.id = r.floor_id
         LEFT JOIN buildings b ON b.id = f.building_id WHERE h.meter_id = $1 ORDER BY h.position",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
