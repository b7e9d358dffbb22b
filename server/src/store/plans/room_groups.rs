//! Groups of rooms that pay alike.

use domain::ids::{GroupId, RoomId};
use domain::settings::Scope;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    /// Its id; `default` for the one that every room is in at first.
    pub id: GroupId,
    /// Its name; empty for the default one, which the pages name.
    pub name: String,
    /// How many rooms are in it.
    pub rooms: i64,
}

/// Every group, the default one first.
pub async fn all(conn: &mut AnyConnection) -> Result<Vec<Group>, DbError> {
    let rows = sql_as!(
        Group,
        "SELECT g.id, g.name, COUNT(r.id) AS rooms FROM room_groups g LEFT JOIN rooms r ON r.group_id = g.id
         GROUP BY g.id, g.name ORDER BY CASE WHEN g.id = 'default' THEN 0 ELSE 1 END, g.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The group that a room is in; `None` without such a room.
pub async fn of_room(conn: &mut AnyConnection, room: &RoomId) -> Result<Option<GroupId>, DbError> {
    let row = sql_as!((GroupId,), "SELECT group_id FROM rooms WHERE id = $1", room.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(id,)| id))
}

/// How many of a group's rooms a meter serves that keeps their credit.
pub async fn rooms_with_meter(conn: &mut AnyConnection, group: &GroupId) -> Result<i64, DbError> {
    let (rooms,) = sql_as!(
        (i64,),
        "SELECT COUNT(*) FROM rooms r JOIN outlets h ON h.room_id = r.id WHERE r.group_id = $1",
        group.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(rooms)
}

/// Adds a group without rooms.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn add(conn: &mut AnyConnection, id: &GroupId, name: &str, now_ms: i64) -> Result<(), sqlx::Error> {
    sql!("INSERT INTO room_groups (id, name, created_ms) VALUES ($1, $2, $3)", id.as_str(), name, now_ms,)
        .execute(conn)
        .await?;
    Ok(())
}

/// Places the rooms of a scope in a group; `three_phase` only those behind three-phase outlets. How many were moved.
pub async fn place(
    conn: &mut AnyConnection,
    group: &GroupId,
    scope: &Scope,
    three_phase: bool,
) -> Result<u64, DbError> {
    let (building, floor, room) = scope.ids();
    let done = sql!(
        "UPDATE rooms SET group_id = $1 WHERE group_id <> $1 AND ($4 = '' OR id = $4)
           AND floor_id IN (SELECT f.id FROM floors f
                            WHERE ($2 = '' OR f.building_id = $2) AND ($3 = '' OR f.id = $3))
           AND ($5 = 0 OR id IN (SELECT h.room_id FROM outlets h WHERE h.phases = 3))",
        group.as_str(),
        building,
        floor,
        room,
        i64::from(three_phase),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
