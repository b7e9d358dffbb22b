//! Finding a room by its name or by who lives there.

use domain::ids::RoomId;
use domain::text;
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// A room that matches, with the resident that made it match (or one of its residents).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// Its floor.
    pub floor_name: String,
    /// Its building.
    pub building_name: String,
    /// A resident; `None` in a vacant room.
    pub resident_name: Option<String>,
    /// The resident's number.
    pub resident_number: Option<String>,
}

/// Between a name and the number of the same person: what no text has.
const BETWEEN: &str = "\u{1F}";

#[derive(sqlx::FromRow)]
struct Row {
    room_id: RoomId,
    room_name: String,
    floor_name: String,
    building_name: String,
    resident: Option<String>,
}

impl From<Row> for Found {
    fn from(row: Row) -> Self {
        let person = row.resident.as_deref().and_then(|both| both.split_once(BETWEEN));
        Self {
            room_id: row.room_id,
            room_name: row.room_name,
            floor_name: row.floor_name,
            building_name: row.building_name,
            resident_name: person.map(|(name, _)| name.to_owned()),
            resident_number: person.map(|(_, number)| number.to_owned()),
        }
    }
}

/// Rooms whose building and name, or a resident's name or number, contain `text`; exact room names first.
/// Each room comes once for each of its residents that match, or once when the room itself matches.
pub async fn rooms_and_residents(
    conn: &mut AnyConnection,
    text: &str,
    limit: i64,
) -> Result<Vec<Found>, DbError> {
    let exact = text::folded(text);
    let pattern = format!("%{}%", exact.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows = sql_as!(
        Row,
        "SELECT r.id AS room_id, r.name AS room_name, f.name AS floor_name, b.name AS building_name,
                MIN(p.name || $4 || p.number) AS resident
         FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
         LEFT JOIN tenancies t ON t.room_id = r.id AND t.closed_ms IS NULL
         LEFT JOIN tenancy_residents tr ON tr.tenancy_id = t.id LEFT JOIN residents p ON p.id = tr.resident_id
         WHERE LOWER(b.name || ' ' || r.name) LIKE $1 ESCAPE '\\' OR LOWER(p.name) LIKE $1 ESCAPE '\\'
            OR LOWER(p.number) LIKE $1 ESCAPE '\\'
         GROUP BY r.id, r.name, f.name, b.name, b.position, f.position, r.position
         ORDER BY CASE WHEN LOWER(r.name) = $2 THEN 0 ELSE 1 END, b.position, b.name, f.position, r.position, r.name
         LIMIT $3",
        pattern.as_str(),
        exact.as_str(),
        limit,
        BETWEEN,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Found::from).collect())
}
