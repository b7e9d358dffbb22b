//! What the office wants set, for one household or for many, and what the meters hold. A block of the second loop is
//! only for the households that have one: the office's word on that, else the meter's flag (bit 7).

use domain::ids::{HouseholdId, OperationId};
use domain::settings::{Scope, loop_of};
use meter_core::settings::LoopId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A block of a household's settings.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Block {
    /// Its number.
    pub block: i64,
    /// Its content, as stored.
    pub content: String,
    /// The generation of the setting.
    pub generation: i64,
}

/// Rooms that are alike in a block: what is wanted and what holds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Alike {
    /// What the office wants; `None` when it never set the block.
    pub wanted: Option<String>,
    /// What was read back; `None` as from the factory.
    pub reported: Option<String>,
    /// 1 when the meter was read at all.
    pub read: i64,
    /// How many rooms.
    pub rooms: i64,
}

/// 1 where only households with a second loop are meant.
fn second(of_loop: LoopId) -> i64 {
    i64::from(of_loop == LoopId::Second)
}

/// How many rooms of the scope a meter serves by that loop.
pub async fn rooms_in(conn: &mut AnyConnection, scope: &Scope, of_loop: LoopId) -> Result<i64, DbError> {
    let (building, floor, room) = scope.ids();
    let (rooms,) = sql_as!(
        (i64,),
        "SELECT COUNT(*) FROM outlets h JOIN meters m ON m.id = h.meter_id
         JOIN meter_kinds mk ON mk.kind = m.kind AND mk.features LIKE '%settings%' JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
         WHERE ($1 = '' OR f.building_id = $1) AND ($2 = '' OR f.id = $2) AND ($3 = '' OR r.id = $3)
           AND ($4 = 0 OR COALESCE(h.second_loop, (SELECT CASE WHEN hr.signs LIKE '%second-loop%' THEN 1 ELSE 0 END FROM household_reports hr
                                          WHERE hr.household_id = h.id), 0) = 1)",
        building,
        floor,
        room,
        second(of_loop),
    )
    .fetch_one(conn)
    .await?;
    Ok(rooms)
}

/// Wants a block of every household of the scope. Where it says something else than before, its generation goes one
/// beyond every one that the books or the meter know.
pub async fn set(conn: &mut AnyConnection, scope: &Scope, block: i64, content: &str) -> Result<(), DbError> {
    let (building, floor, room) = scope.ids();
    sql!(
        "INSERT INTO household_settings (household_id, block, content, generation)
         SELECT h.id, CAST($1 AS BIGINT), CAST($2 AS TEXT), COALESCE(s.generation, 0) + 1
         FROM outlets h JOIN meters m ON m.id = h.meter_id
         JOIN meter_kinds mk ON mk.kind = m.kind AND mk.features LIKE '%settings%' JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
         LEFT JOIN household_settings_reports s ON s.household_id = h.id AND s.block = $1
         WHERE ($3 = '' OR f.building_id = $3) AND ($4 = '' OR f.id = $4) AND ($5 = '' OR r.id = $5)
           AND ($6 = 0 OR COALESCE(h.second_loop, (SELECT CASE WHEN hr.signs LIKE '%second-loop%' THEN 1 ELSE 0 END FROM household_reports hr
                                          WHERE hr.household_id = h.id), 0) = 1)
         ON CONFLICT (household_id, block) DO UPDATE SET content = excluded.content,
             generation = CASE WHEN excluded.generation > household_settings.generation
                          THEN excluded.generation ELSE household_settings.generation + 1 END
         WHERE household_settings.content <> excluded.content",
        block,
        content,
        building,
        floor,
        room,
        second(loop_of(block)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes into the history that an operation set a block of the scope's households.
pub async fn record(
    conn: &mut AnyConnection,
    operation: &OperationId,
    scope: &Scope,
    block: i64,
) -> Result<(), DbError> {
    let (building, floor, room) = scope.ids();
    sql!(
        "INSERT INTO settings_changes (operation_id, household_id, block, content, generation)
         SELECT CAST($1 AS TEXT), s.household_id, s.block, s.content, s.generation
         FROM household_settings s JOIN outlets h ON h.id = s.household_id
         JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
         WHERE s.block = $2 AND ($3 = '' OR f.building_id = $3) AND ($4 = '' OR f.id = $4)
           AND ($5 = '' OR r.id = $5)
           AND ($6 = 0 OR COALESCE(h.second_loop, (SELECT CASE WHEN hr.signs LIKE '%second-loop%' THEN 1 ELSE 0 END FROM household_reports hr
                                          WHERE hr.household_id = h.id), 0) = 1)",
        operation.as_str(),
        block,
        building,
        floor,
        room,
        second(loop_of(block)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The rooms of the scope by what is wanted and what holds of a block, the most first.
pub async fn alike(conn: &mut AnyConnection, scope: &Scope, block: i64) -> Result<Vec<Alike>, DbError> {
    let (building, floor, room) = scope.ids();
    let rows = sql_as!(
        Alike,
        "SELECT wanted, reported, is_read AS read, COUNT(*) AS rooms
         FROM (SELECT w.content AS wanted, s.content AS reported,
                      CASE WHEN mr.settings_ms IS NULL THEN 0 ELSE 1 END AS is_read
               FROM outlets h JOIN meters m ON m.id = h.meter_id
         JOIN meter_kinds mk ON mk.kind = m.kind AND mk.features LIKE '%settings%' JOIN rooms r ON r.id = h.room_id JOIN floors f ON f.id = r.floor_id
               LEFT JOIN meter_reports mr ON mr.meter_id = h.meter_id
               LEFT JOIN household_settings w ON w.household_id = h.id AND w.block = $1
               LEFT JOIN household_settings_reports s ON s.household_id = h.id AND s.block = $1
               WHERE ($2 = '' OR f.building_id = $2) AND ($3 = '' OR f.id = $3) AND ($4 = '' OR r.id = $4)
                 AND ($5 = 0 OR COALESCE(h.second_loop, (SELECT CASE WHEN hr.signs LIKE '%second-loop%' THEN 1 ELSE 0 END FROM household_reports hr
                                                WHERE hr.household_id = h.id), 0) = 1)) each_room
         GROUP BY wanted, reported, is_read ORDER BY rooms DESC, wanted, reported, is_read",
        block,
        building,
        floor,
        room,
        second(loop_of(block)),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What is wanted of a household, by the number of the block.
pub async fn wanted(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Vec<Block>, DbError> {
    let rows = sql_as!(
        Block,
        "SELECT block, content, generation FROM household_settings WHERE household_id = $1 ORDER BY block",
        household.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What was read back of a household, by the number of the block; those that are not there are as from the factory.
pub async fn reported(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Vec<Block>, DbError> {
    let rows = sql_as!(
        Block,
        "SELECT block, content, generation FROM household_settings_reports WHERE household_id = $1 ORDER BY block",
        household.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// A line of a household's history of settings.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    /// Its operation.
    pub operation_id: OperationId,
    /// Which block.
    pub block: i64,
    /// What it was set to, as stored.
    pub content: String,
    /// For whom, as a scope.
    pub scope: String,
    /// By whom.
    pub actor_name: String,
    /// When, site time.
    pub at_ms: i64,
}

/// A household's changes of settings, the newest first.
pub async fn changes(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    (from_ms, until_ms): (i64, i64),
    limit: i64,
) -> Result<Vec<Change>, DbError> {
    let rows = sql_as!(
        Change,
        "SELECT c.operation_id, c.block, c.content, o.subject AS scope, o.actor_name, o.at_ms
         FROM settings_changes c JOIN operations o ON o.id = c.operation_id
         WHERE c.household_id = $1 AND o.at_ms >= $2 AND o.at_ms < $3
         ORDER BY o.at_ms DESC, o.id DESC, c.block LIMIT $4",
        household.as_str(),
        from_ms,
        until_ms,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
