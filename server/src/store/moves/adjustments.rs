//! Adjustments: where a meter, once it answered, said something else than the reading by which an account was settled.

use domain::ids::{OperationId, RoomId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// An adjustment.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Adjustment {
    /// The operation that found it.
    pub id: OperationId,
    /// The departure that had been settled.
    pub departure_id: OperationId,
    /// Whose account it was.
    pub tenancy_id: TenancyId,
    /// The room that they left.
    pub room_id: RoomId,
    /// Used by the reading entered by hand, in Wh.
    pub entered_used_wh: i64,
    /// Used by the meter's closing, in Wh.
    pub found_used_wh: i64,
    /// When it was found, site time.
    pub at_ms: i64,
}

/// Writes an adjustment.
pub async fn insert(conn: &mut AnyConnection, new: &Adjustment) -> Result<(), DbError> {
    sql!(
        "INSERT INTO adjustments (id, departure_id, tenancy_id, room_id, entered_used_wh, found_used_wh, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.id.as_str(),
        new.departure_id.as_str(),
        new.tenancy_id.as_str(),
        new.room_id.as_str(),
        new.entered_used_wh,
        new.found_used_wh,
        new.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An adjustment in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The departure that had been settled.
    pub departure_id: OperationId,
    /// The building's name.
    pub building: String,
    /// The room's name.
    pub room: String,
    /// Used by the reading entered by hand, in Wh.
    pub entered_used_wh: i64,
    /// Used by the meter's closing, in Wh.
    pub found_used_wh: i64,
    /// When it was found, site time.
    pub at_ms: i64,
}

impl Listed {
    /// Found less entered, in Wh: above zero, more was used than was settled.
    #[must_use]
    pub const fn difference_wh(&self) -> i64 {
        self.found_used_wh - self.entered_used_wh
    }
}

/// The latest adjustments, of one room or of all.
pub async fn latest(
    conn: &mut AnyConnection,
    room: Option<&RoomId>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    let rows = sql_as!(
        Listed,
        "SELECT a.departure_id, b.name AS building, r.name AS room, a.entered_used_wh, a.found_used_wh, a.at_ms
         FROM adjustments a JOIN rooms r ON r.id = a.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id
         WHERE CAST($1 AS TEXT) IS NULL OR a.room_id = $1 ORDER BY a.at_ms DESC, a.id DESC LIMIT $2",
        room.map(RoomId::as_str),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What a departure's meter said after it had been settled by an entered reading: entered and found use, in Wh.
pub async fn of_departure(
    conn: &mut AnyConnection,
    departure: &OperationId,
) -> Result<Option<(i64, i64)>, DbError> {
    let row = sql_as!(
        (i64, i64),
        "SELECT entered_used_wh, found_used_wh FROM adjustments WHERE departure_id = $1",
        departure.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}
