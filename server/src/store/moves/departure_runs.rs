//! Many departures in one go: who is on the list, and how each of them stands.

use domain::ids::{BuildingId, FloorId, OperationId, RoomId, TenancyId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// How a room of a list stands: not looked at yet, asked for, complete, or why not.
pub const STATES: [&str; 4] = ["waiting", "asked", "settled", "failed"];

/// A list of departures.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    /// The operation that asked for it.
    pub id: OperationId,
    /// What it is called.
    pub label: String,
    /// How each refund is shared.
    pub split: String,
    /// The language of the statements.
    pub language: String,
    /// Who asked for it.
    pub actor_id: UserId,
    /// When, site time.
    pub at_ms: i64,
}

/// Somebody who may be on such a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Candidate {
    /// The room.
    pub room_id: RoomId,
    /// Its tenancy.
    pub tenancy_id: TenancyId,
    /// The building's name.
    pub building: String,
    /// The room's name.
    pub room: String,
    /// How many residents.
    pub residents: i64,
    /// 1 when its meter answered when last asked, or none serves the room.
    pub online: i64,
    /// Credit left by what the meter said last, in Wh.
    pub left_wh: i64,
}

macro_rules! candidate_where {
    ($rest:literal) => {
        concat!(
            "SELECT r.id AS room_id, t.id AS tenancy_id, b.name AS building, r.name AS room,
                    (SELECT COUNT(*) FROM tenancy_residents tr WHERE tr.tenancy_id = t.id) AS residents,
                    CASE WHEN h.id IS NULL OR m.status = 'online' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
                        AS online,
                    CAST(COALESCE(CASE WHEN u.epoch = c.epoch THEN u.credited_wh - u.debited_wh - u.used_wh END, 0)
                        AS BIGINT) AS left_wh
             FROM tenancies t JOIN rooms r ON r.id = t.room_id JOIN floors f ON f.id = r.floor_id
             JOIN buildings b ON b.id = f.building_id LEFT JOIN credit_accounts c ON c.tenancy_id = t.id
             LEFT JOIN outlets h ON h.id = c.household_id
             LEFT JOIN meter_reports m ON m.meter_id = h.meter_id
             LEFT JOIN household_reports u ON u.household_id = h.id WHERE t.closed_ms IS NULL AND ",
            $rest,
            " ORDER BY b.position, b.name, f.position, f.name, r.position, r.name"
        )
    };
}

/// Who lives in a building.
pub async fn in_building(conn: &mut AnyConnection, id: &BuildingId) -> Result<Vec<Candidate>, DbError> {
    let rows = sql_as!(Candidate, candidate_where!("b.id = $1"), id.as_str());
    Ok(rows.fetch_all(conn).await?)
}

/// Who lives on a floor.
pub async fn on_floor(conn: &mut AnyConnection, id: &FloorId) -> Result<Vec<Candidate>, DbError> {
    let rows = sql_as!(Candidate, candidate_where!("f.id = $1"), id.as_str());
    Ok(rows.fetch_all(conn).await?)
}

/// Everybody who lives anywhere.
pub async fn everywhere(conn: &mut AnyConnection) -> Result<Vec<Candidate>, DbError> {
    Ok(sql_as!(Candidate, candidate_where!("r.id IS NOT NULL")).fetch_all(conn).await?)
}

/// The numbers of all who live anywhere, with their tenancies.
pub async fn numbers(conn: &mut AnyConnection) -> Result<Vec<(String, TenancyId)>, DbError> {
    let rows = sql_as!(
        (String, TenancyId),
        "SELECT p.number, t.id FROM tenancies t JOIN tenancy_residents tr ON tr.tenancy_id = t.id
         JOIN residents p ON p.id = tr.resident_id WHERE t.closed_ms IS NULL ORDER BY p.number, t.id",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Adds a list.
pub async fn insert(conn: &mut AnyConnection, run: &Run) -> Result<(), DbError> {
    sql!(
        "INSERT INTO departure_runs (id, label, split, language, actor_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        run.id.as_str(),
        run.label.as_str(),
        run.split.as_str(),
        run.language.as_str(),
        run.actor_id.as_str(),
        run.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds somebody to a list.
pub async fn insert_item(
    conn: &mut AnyConnection,
    run: &OperationId,
    position: i64,
    (room, tenancy): (&RoomId, &TenancyId),
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO departure_run_items (run_id, position, room_id, tenancy_id, state) VALUES ($1, $2, $3, $4, 'waiting')",
        run.as_str(),
        position,
        room.as_str(),
        tenancy.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A list.
pub async fn get(conn: &mut AnyConnection, id: &OperationId) -> Result<Option<Run>, DbError> {
    let row = sql_as!(
        Run,
        "SELECT id, label, split, language, actor_id, at_ms FROM departure_runs WHERE id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// The latest lists.
pub async fn latest(conn: &mut AnyConnection, limit: i64) -> Result<Vec<Run>, DbError> {
    let rows = sql_as!(
        Run,
        "SELECT id, label, split, language, actor_id, at_ms FROM departure_runs ORDER BY at_ms DESC, id DESC LIMIT $1",
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Somebody on a list who has not been asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// The place on the list.
    pub position: i64,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy.
    pub tenancy_id: TenancyId,
}

/// The next of a list who have not been asked for.
pub async fn waiting(
    conn: &mut AnyConnection,
    run: &OperationId,
    limit: i64,
) -> Result<Vec<Waiting>, DbError> {
    let rows = sql_as!(
        Waiting,
        "SELECT position, room_id, tenancy_id FROM departure_run_items
         WHERE run_id = $1 AND state = 'waiting' ORDER BY position LIMIT $2",
        run.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Notes how somebody on a list stands: asked for with a departure, or failed with what stood in the way.
pub async fn note(
    conn: &mut AnyConnection,
    run: &OperationId,
    position: i64,
    found: Result<&OperationId, &str>,
) -> Result<(), DbError> {
    sql!(
        "UPDATE departure_run_items SET state = $1, departure_id = $2, problem = $3 WHERE run_id = $4 AND position = $5",
        if found.is_ok() { "asked" } else { "failed" },
        found.ok().map(OperationId::as_str),
        found.err().unwrap_or_default(),
        run.as_str(),
        position,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a departure of a list was settled.
pub async fn note_settled(conn: &mut AnyConnection, departure: &OperationId) -> Result<(), DbError> {
    sql!(
        "UPDATE departure_run_items SET state = 'settled', problem = '' WHERE departure_id = $1 AND state = 'asked'",
        departure.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A departure of a list that can be settled, and how.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ToSettle {
    /// The departure.
    pub departure_id: OperationId,
    /// How the refund is shared.
    pub split: String,
    /// The language of the statement.
    pub language: String,
    /// Who stands behind the list.
    pub mandate_id: UserId,
}

/// Departures of lists that can be settled now, in the order of their lists, without the first `skip`. Those whose last
/// reading waits for a person are not among them.
pub async fn to_settle(conn: &mut AnyConnection, skip: i64, limit: i64) -> Result<Vec<ToSettle>, DbError> {
    let rows = sql_as!(
        ToSettle,
        "SELECT i.departure_id, n.split, n.language, COALESCE(j.asked_by, n.actor_id) AS mandate_id
         FROM departure_run_items i JOIN departure_runs n ON n.id = i.run_id
         JOIN departures d ON d.id = i.departure_id
         LEFT JOIN job_runs j ON j.name = 'graduation' AND j.occasion = n.id
         LEFT JOIN closings c ON c.household_id = d.household_id AND c.epoch = d.epoch
         LEFT JOIN closings_known k ON k.household_id = d.household_id
         WHERE i.state = 'asked'
           AND (d.household_id IS NULL OR d.entered_used_wh IS NOT NULL OR c.epoch IS NOT NULL OR k.epoch > d.epoch)
           AND NOT EXISTS (SELECT 1 FROM quarantines q WHERE q.tenancy_id = d.tenancy_id AND q.decision IS NULL
               AND CASE WHEN q.to_used_wh < q.from_used_wh
                   THEN COALESCE(c.used_wh, d.entered_used_wh, 0) < q.from_used_wh
                   ELSE COALESCE(c.used_wh, d.entered_used_wh, 0) >= q.to_used_wh END)
         ORDER BY n.at_ms, i.run_id, i.position LIMIT $1 OFFSET $2",
        limit,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Somebody on a list, as a report shows them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    /// The place on the list.
    pub position: i64,
    /// The room.
    pub room_id: RoomId,
    /// The building's name.
    pub building: String,
    /// The room's name.
    pub room: String,
    /// `waiting`, `asked`, `settled` or `failed`.
    pub state: String,
    /// What stood in the way.
    pub problem: String,
    /// The departure.
    pub departure_id: Option<OperationId>,
    /// The statement's number.
    pub number: Option<i64>,
    /// Paid out, in minor units.
    pub refund_minor: Option<i64>,
    /// Used beyond what was bought, in Wh.
    pub overdraft_wh: i64,
    /// 1 while a second person has to approve.
    pub unapproved: i64,
    /// 1 when the meter does not answer.
    pub dark: i64,
    /// 1 while a reading of the account waits for a person's decision.
    pub held: i64,
}

/// Everybody on a list, in order.
pub async fn items(conn: &mut AnyConnection, run: &OperationId) -> Result<Vec<Item>, DbError> {
    let rows = sql_as!(
        Item,
        "SELECT i.position, i.room_id, b.name AS building, r.name AS room, i.state, i.problem, i.departure_id, s.number,
                s.refund_minor,
                CAST(CASE WHEN s.id IS NULL THEN 0 ELSE COALESCE((SELECT CASE WHEN p.paid_taken_wh > l.wh
                    THEN p.paid_taken_wh - l.wh ELSE 0 END FROM purses p,
                    (SELECT COALESCE((SELECT SUM(x.energy_wh) FROM sales x WHERE x.tenancy_id = i.tenancy_id AND NOT EXISTS
                         (SELECT 1 FROM voids v WHERE v.sale_id = x.id)), 0)
                          + COALESCE((SELECT SUM(y.energy_wh) FROM carried_lots y WHERE y.tenancy_id = i.tenancy_id), 0)
                            AS wh) l
                    WHERE p.tenancy_id = i.tenancy_id), 0) END AS BIGINT) AS overdraft_wh,
                CASE WHEN s.needs_approval = 1 AND NOT EXISTS (SELECT 1 FROM settlement_approvals a
                    WHERE a.settlement_id = s.id) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS unapproved,
                CASE WHEN h.id IS NULL OR m.status = 'online' THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS dark,
                CASE WHEN EXISTS (SELECT 1 FROM quarantines q WHERE q.tenancy_id = i.tenancy_id
                    AND q.decision IS NULL) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS held
         FROM departure_run_items i JOIN rooms r ON r.id = i.room_id JOIN floors f ON f.id = r.floor_id
         JOIN buildings b ON b.id = f.building_id LEFT JOIN settlements s ON s.departure_id = i.departure_id
         LEFT JOIN outlets h ON h.room_id = i.room_id LEFT JOIN meter_reports m ON m.meter_id = h.meter_id
         WHERE i.run_id = $1 ORDER BY i.position",
        run.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
