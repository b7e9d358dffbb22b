//! Lists of move-ins that were taken in, and what a list is compared with.

use domain::ids::{OperationId, RoomId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A list that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Import {
    /// The operation that took it in.
    pub id: OperationId,
    /// The file's name.
    pub file_name: String,
    /// Its lines, as JSON.
    pub content: String,
    /// How many rooms it names.
    pub rooms: i64,
    /// How many residents.
    pub residents: i64,
    /// How many of the rooms were gone through.
    pub done: i64,
    /// Which of them were left out and why, as JSON.
    pub failures: String,
    /// Who took it in, and on whose account the residents move in.
    pub actor_id: UserId,
    /// When, site time.
    pub at_ms: i64,
    /// When it was begun to carry it out.
    pub started_ms: Option<i64>,
}

/// Adds a list.
pub async fn insert(conn: &mut AnyConnection, import: &Import) -> Result<(), DbError> {
    sql!(
        "INSERT INTO imports (id, file_name, content, rooms, residents, actor_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        import.id.as_str(),
        import.file_name.as_str(),
        import.content.as_str(),
        import.rooms,
        import.residents,
        import.actor_id.as_str(),
        import.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A list.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Import>, DbError> {
    let row = sql_as!(
        Import,
        "SELECT id, file_name, content, rooms, residents, done, failures, actor_id, at_ms, started_ms
         FROM imports WHERE id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Notes that the list is being carried out.
pub async fn start(conn: &mut AnyConnection, id: &OperationId, now_ms: i64) -> Result<(), DbError> {
    sql!("UPDATE imports SET started_ms = COALESCE(started_ms, $1) WHERE id = $2", now_ms, id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Goes on from room `from` of the list to room `to`; `false` when another run has gone on from there.
pub async fn advance(
    conn: &mut AnyConnection,
    id: &OperationId,
    (from, to): (i64, i64),
    failures: &str,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE imports SET done = $1, failures = $2 WHERE id = $3 AND done = $4",
        to,
        failures,
        id.as_str(),
        from,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A room as a list may name it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedRoom {
    /// The room.
    pub id: RoomId,
    /// Its building's name.
    pub building: String,
    /// Its floor's name.
    pub floor: String,
    /// Its name.
    pub name: String,
    /// 1 when somebody lives there.
    pub occupied: i64,
    /// 1 while the meter has not closed the account of those who left.
    pub unclosed: i64,
}

/// Every room there is.
pub async fn rooms(conn: &mut AnyConnection) -> Result<Vec<NamedRoom>, DbError> {
    let rows = sql_as!(
        NamedRoom,
        "SELECT r.id, b.name AS building, f.name AS floor, r.name,
                CASE WHEN EXISTS (SELECT 1 FROM tenancies t WHERE t.room_id = r.id AND t.closed_ms IS NULL)
                     THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS occupied,
                CASE WHEN EXISTS (SELECT 1 FROM departures d JOIN outlets h ON h.id = d.household_id
                         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
                         LEFT JOIN closings_known k ON k.household_id = d.household_id
                         WHERE h.room_id = r.id AND d.entered_used_wh IS NULL AND c.epoch IS NULL
                           AND COALESCE(k.epoch, 1) <= d.epoch)
                     THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS unclosed
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         ORDER BY b.position, b.name, f.position, f.name, r.position, r.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
