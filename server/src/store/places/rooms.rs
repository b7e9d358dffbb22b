//! Buildings, floors and rooms.

use domain::ids::{BuildingId, FloorId, RoomId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A building and how many rooms it has.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Building {
    /// Its id.
    pub id: BuildingId,
    /// Its name.
    pub name: String,
    /// How many rooms.
    pub rooms: i64,
}

/// A room and where it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Its name, such as `101`.
    pub name: String,
    /// Its floor's name.
    pub floor_name: String,
    /// Its building.
    pub building_id: BuildingId,
    /// Its building's name.
    pub building_name: String,
}

/// Every building, in order.
pub async fn buildings(conn: &mut AnyConnection) -> Result<Vec<Building>, DbError> {
    let rows = sql_as!(
        Building,
        "SELECT b.id, b.name, COUNT(r.id) AS rooms FROM buildings b
         LEFT JOIN floors f ON f.building_id = b.id LEFT JOIN rooms r ON r.floor_id = f.id
         GROUP BY b.id, b.name, b.position ORDER BY b.position, b.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// A floor and its building.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FloorRow {
    /// Its id.
    pub id: FloorId,
    /// Its name.
    pub name: String,
    /// Its building.
    pub building_id: BuildingId,
    /// Its building's name.
    pub building_name: String,
}

/// Every floor, in the order of the house.
pub async fn floors(conn: &mut AnyConnection) -> Result<Vec<FloorRow>, DbError> {
    let rows = sql_as!(
        FloorRow,
        "SELECT f.id, f.name, b.id AS building_id, b.name AS building_name
         FROM floors f JOIN buildings b ON b.id = f.building_id ORDER BY b.position, b.name, f.position, f.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// One room.
pub async fn room(conn: &mut AnyConnection, id: &RoomId) -> Result<Option<Room>, DbError> {
    let row = sql_as!(
        Room,
        "SELECT r.id, r.name, f.name AS floor_name, b.id AS building_id, b.name AS building_name
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id WHERE r.id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Rooms that no meter serves yet, in order.
pub async fn rooms_without_meter(conn: &mut AnyConnection) -> Result<Vec<Room>, DbError> {
    let rows = sql_as!(
        Room,
        "SELECT r.id, r.name, f.name AS floor_name, b.id AS building_id, b.name AS building_name
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN outlets h ON h.room_id = r.id WHERE h.id IS NULL
         ORDER BY b.position, b.name, f.position, f.name, r.position, r.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Adds a building behind the last one.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn add_building(conn: &mut AnyConnection, id: &BuildingId, name: &str) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO buildings (id, name, position)
         VALUES ($1, $2, (SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM buildings))",
        id.as_str(),
        name,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The floor of that name in the building, added with the given id when it is not there.
///
/// # Errors
/// The database's; a foreign key violation when the building does not exist.
pub async fn floor(
    conn: &mut AnyConnection,
    id: &FloorId,
    building: &BuildingId,
    name: &str,
) -> Result<FloorId, DbError> {
    sql!(
        "INSERT INTO floors (id, building_id, name, position)
         VALUES ($1, $2, $3, (SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM floors))
         ON CONFLICT (building_id, name) DO NOTHING",
        id.as_str(),
        building.as_str(),
        name,
    )
    .execute(&mut *conn)
    .await?;
    let (found,) = sql_as!(
        (FloorId,),
        "SELECT id FROM floors WHERE building_id = $1 AND name = $2",
        building.as_str(),
        name,
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Adds a room to a floor.
///
/// # Errors
/// A unique violation when the floor has a room of that name.
pub async fn add_room(
    conn: &mut AnyConnection,
    id: &RoomId,
    floor: &FloorId,
    name: &str,
    position: i64,
) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO rooms (id, floor_id, name, position) VALUES ($1, $2, $3, $4)",
        id.as_str(),
        floor.as_str(),
        name,
        position,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Rooms that nobody lives in and a meter serves, in order; those of one building only, if one is given.
pub async fn vacant_rooms(
    conn: &mut AnyConnection,
    building: Option<&BuildingId>,
    limit: i64,
) -> Result<Vec<Room>, DbError> {
    let rows = sql_as!(
        Room,
        "SELECT r.id, r.name, f.name AS floor_name, b.id AS building_id, b.name AS building_name
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         JOIN outlets h ON h.room_id = r.id
         WHERE (CAST($1 AS TEXT) IS NULL OR b.id = $1)
           AND NOT EXISTS (SELECT 1 FROM tenancies t WHERE t.room_id = r.id AND t.closed_ms IS NULL)
         ORDER BY b.position, b.name, f.position, f.name, r.position, r.name LIMIT $2",
        building.map(BuildingId::as_str),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
