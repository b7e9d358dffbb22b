//! Residents and the tenancies they share.

use domain::allowance::ResidentKind;
use domain::ids::{ResidentId, RoomId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A person who lives in a room.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Resident {
    /// Its id.
    pub id: ResidentId,
    /// The number the property knows them by, such as a student number.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// A tenancy.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tenancy {
    /// Its id.
    pub id: TenancyId,
    /// The room.
    pub room_id: RoomId,
    /// Since when, site time.
    pub opened_ms: i64,
}

/// The room's open tenancy.
pub async fn open_tenancy(conn: &mut AnyConnection, room: &RoomId) -> Result<Option<Tenancy>, DbError> {
    let row = sql_as!(
        Tenancy,
        "SELECT id, room_id, opened_ms FROM tenancies WHERE room_id = $1 AND closed_ms IS NULL",
        room.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Who shares a tenancy, by name.
pub async fn residents_of(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Vec<Resident>, DbError> {
    let rows = sql_as!(
        Resident,
        "SELECT p.id, p.number, p.name FROM tenancy_residents tr JOIN residents p ON p.id = tr.resident_id
         WHERE tr.tenancy_id = $1 ORDER BY p.name, p.number",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Opens a tenancy; what the room's running meter last said is its opening reading.
///
/// # Errors
/// A unique violation when the room has one already.
pub async fn open(conn: &mut AnyConnection, tenancy: &Tenancy) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO tenancies (id, room_id, opened_ms, closed_ms, opening_energy_wh)
         VALUES ($1, $2, $3, NULL, (SELECT r.energy_total_wh FROM outlets h
             JOIN household_reports r ON r.household_id = h.id WHERE h.room_id = $2))",
        tenancy.id.as_str(),
        tenancy.room_id.as_str(),
        tenancy.opened_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes a tenancy; `false` when it is not open.
pub async fn close(conn: &mut AnyConnection, tenancy: &TenancyId, now_ms: i64) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE tenancies SET closed_ms = $1 WHERE id = $2 AND closed_ms IS NULL",
        now_ms,
        tenancy.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A resident who is known already.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownResident {
    /// Their number.
    pub number: String,
    /// Their name.
    pub name: String,
    /// Where they live now: building and room.
    pub lives_in: Option<String>,
}

/// Every resident who is known.
pub async fn all_known(conn: &mut AnyConnection) -> Result<Vec<KnownResident>, DbError> {
    let rows = sql_as!(
        KnownResident,
        "SELECT p.number, p.name,
                (SELECT MAX(b.name || ' ' || r.name) FROM tenancy_residents tr
                 JOIN tenancies t ON t.id = tr.tenancy_id AND t.closed_ms IS NULL JOIN rooms r ON r.id = t.room_id
                 JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
                 WHERE tr.resident_id = p.id) AS lives_in
         FROM residents p",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The resident of that number, if anybody has it.
pub async fn known(conn: &mut AnyConnection, number: &str) -> Result<Option<KnownResident>, DbError> {
    let row = sql_as!(
        KnownResident,
        "SELECT p.number, p.name,
                (SELECT MAX(b.name || ' ' || r.name) FROM tenancy_residents tr
                 JOIN tenancies t ON t.id = tr.tenancy_id AND t.closed_ms IS NULL JOIN rooms r ON r.id = t.room_id
                 JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
                 WHERE tr.resident_id = p.id) AS lives_in
         FROM residents p WHERE p.number = $1",
        number,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Whether anybody has that number.
pub async fn is_known(conn: &mut AnyConnection, number: &str) -> Result<bool, DbError> {
    let found = sql_as!((i64,), "SELECT COUNT(*) FROM residents WHERE number = $1", number);
    Ok(found.fetch_one(conn).await?.0 > 0)
}

/// The resident with that number, added or renamed as given.
pub async fn put_resident(
    conn: &mut AnyConnection,
    resident: &Resident,
    now_ms: i64,
) -> Result<ResidentId, DbError> {
    let (id,) = sql_as!(
        (ResidentId,),
        "INSERT INTO residents (id, number, name, created_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (number) DO UPDATE SET name = excluded.name RETURNING id",
        resident.id.as_str(),
        resident.number.as_str(),
        resident.name.as_str(),
        now_ms,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// What each resident of a tenancy is, by name.
///
/// # Errors
/// The database's, or [`DbError::Corrupt`].
pub async fn kinds_of(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
) -> Result<Vec<(ResidentId, ResidentKind)>, DbError> {
    let rows = sql_as!(
        (ResidentId, String),
        "SELECT p.id, p.kind FROM tenancy_residents tr JOIN residents p ON p.id = tr.resident_id
         WHERE tr.tenancy_id = $1 ORDER BY p.name, p.number",
        tenancy.as_str(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|(id, kind)| Ok((id, kind.parse()?))).collect()
}

/// Says what a resident is.
pub async fn put_kind(conn: &mut AnyConnection, id: &ResidentId, kind: ResidentKind) -> Result<(), DbError> {
    sql!("UPDATE residents SET kind = $1 WHERE id = $2", kind.as_str(), id.as_str()).execute(conn).await?;
    Ok(())
}

/// Makes a resident share a tenancy.
///
/// # Errors
/// A unique violation when they share it already.
pub async fn join(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
    resident: &ResidentId,
    from_ms: i64,
) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO tenancy_residents (tenancy_id, resident_id, from_ms) VALUES ($1, $2, $3)",
        tenancy.as_str(),
        resident.as_str(),
        from_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The room of a tenancy: its id and name.
pub async fn room_of(
    conn: &mut AnyConnection,
    tenancy: &TenancyId,
) -> Result<Option<(RoomId, String)>, DbError> {
    let row = sql_as!(
        (RoomId, String),
        "SELECT r.id, r.name FROM tenancies t JOIN rooms r ON r.id = t.room_id WHERE t.id = $1",
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A resident's time in a room: from when they shared its tenancy until that ended.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Stay {
    /// The room.
    pub room_id: RoomId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
    /// Since when they share it, site time.
    pub from_ms: i64,
    /// When it ended; `None` while it lasts.
    pub until_ms: Option<i64>,
}

/// Where a resident lives and has lived, the latest first.
pub async fn stays_of(conn: &mut AnyConnection, resident: &ResidentId) -> Result<Vec<Stay>, DbError> {
    let rows = sql_as!(
        Stay,
        "SELECT t.room_id, t.id AS tenancy_id, tr.from_ms, t.closed_ms AS until_ms
         FROM tenancy_residents tr JOIN tenancies t ON t.id = tr.tenancy_id
         WHERE tr.resident_id = $1 ORDER BY tr.from_ms DESC, t.id DESC",
        resident.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
