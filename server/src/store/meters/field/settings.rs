//! Settings as the field layer needs them: what is wanted of a meter and its households, and what was read back.

use domain::ids::{HouseholdId, MeterId};
use domain::settings::CalendarDays;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::store::meters::calendar;
use crate::store::meters::settings::Block;

/// A block of one of a meter's households.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnedBlock {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// The household.
    pub household_id: HouseholdId,
    /// The block.
    #[sqlx(flatten)]
    pub block: Block,
}

/// What the blocks of whole meters follow from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteDays {
    /// IANA name.
    pub time_zone: String,
    /// Bit per weekday that is a rest day, bit 0 Monday.
    pub rest_weekdays: i64,
    /// Dated exceptions, in order.
    pub days: Vec<CalendarDays>,
}

/// The site's days; `None` before it has been set up.
pub async fn site_days(conn: &mut AnyConnection) -> Result<Option<SiteDays>, DbError> {
    let row = sql_as!((String, i64), "SELECT time_zone, rest_weekdays FROM sites ORDER BY id LIMIT 1")
        .fetch_optional(&mut *conn)
        .await?;
    let Some((time_zone, rest_weekdays)) = row else { return Ok(None) };
    Ok(Some(SiteDays { time_zone, rest_weekdays, days: calendar::days(conn).await? }))
}

/// What is wanted of the settings of a meter's households.
pub async fn wanted_settings(conn: &mut AnyConnection, meter: &MeterId) -> Result<Vec<OwnedBlock>, DbError> {
    let rows = sql_as!(
        OwnedBlock,
        "SELECT h.position, s.household_id, s.block, s.content, s.generation
         FROM household_settings s JOIN outlets h ON h.id = s.household_id
         WHERE h.meter_id = $1 ORDER BY h.position, s.block",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What was read back of them.
pub async fn reported_settings(
    conn: &mut AnyConnection,
    meter: &MeterId,
) -> Result<Vec<OwnedBlock>, DbError> {
    let rows = sql_as!(
        OwnedBlock,
        "SELECT h.position, s.household_id, s.block, s.content, s.generation
         FROM household_settings_reports s JOIN outlets h ON h.id = s.household_id
         WHERE h.meter_id = $1 ORDER BY h.position, s.block",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What was read back of the meter's own settings.
pub async fn reported_meter_settings(
    conn: &mut AnyConnection,
    meter: &MeterId,
) -> Result<Vec<Block>, DbError> {
    let rows = sql_as!(
        Block,
        "SELECT block, content, generation FROM meter_settings_reports WHERE meter_id = $1 ORDER BY block",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Raises the generation of what is wanted of a household's block to at least `generation`: the meter holds another
/// setting of a generation before it. The block as it is wanted then.
pub async fn raise_settings_generation(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    block: i64,
    generation: i64,
) -> Result<Option<Block>, DbError> {
    let row = sql_as!(
        Block,
        "UPDATE household_settings
         SET generation = CASE WHEN generation < $1 THEN CAST($1 AS BIGINT) ELSE generation END
         WHERE household_id = $2 AND block = $3 RETURNING block, content, generation",
        generation,
        household.as_str(),
        block,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A generation for a setting of the whole meter, stored before it is sent: beyond every one that was stored, and at
/// least `least`.
pub async fn next_meter_settings_generation(
    conn: &mut AnyConnection,
    meter: &MeterId,
    block: i64,
    least: i64,
) -> Result<i64, DbError> {
    let (generation,) = sql_as!(
        (i64,),
        "INSERT INTO meter_settings (meter_id, block, generation) VALUES ($1, $2, $3)
         ON CONFLICT (meter_id, block) DO UPDATE SET
             generation = CASE WHEN meter_settings.generation < excluded.generation
                          THEN excluded.generation ELSE meter_settings.generation + 1 END
         RETURNING generation",
        meter.as_str(),
        block,
        least,
    )
    .fetch_one(conn)
    .await?;
    Ok(generation)
}

/// What a visit found out about settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsReport {
    /// Blocks of households that were read.
    pub households: Vec<(HouseholdId, Block)>,
    /// Blocks of the meter that were read.
    pub meter: Vec<Block>,
    /// The meter holds what the rows say, these included.
    pub confirmed: bool,
}

/// Writes down what was read of settings.
pub(super) async fn put(
    conn: &mut AnyConnection,
    meter: &MeterId,
    at_ms: i64,
    report: &SettingsReport,
) -> Result<(), DbError> {
    for (household, block) in &report.households {
        put_household_block(conn, household, block).await?;
    }
    for block in &report.meter {
        put_meter_block(conn, meter, block).await?;
    }
    if report.confirmed {
        sql!("UPDATE meter_reports SET settings_ms = $1 WHERE meter_id = $2", at_ms, meter.as_str())
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn put_household_block(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    block: &Block,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO household_settings_reports (household_id, block, content, generation) VALUES ($1, $2, $3, $4)
         ON CONFLICT (household_id, block) DO UPDATE SET content = excluded.content,
             generation = excluded.generation",
        household.as_str(),
        block.block,
        block.content.as_str(),
        block.generation,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn put_meter_block(conn: &mut AnyConnection, meter: &MeterId, block: &Block) -> Result<(), DbError> {
    sql!(
        "INSERT INTO meter_settings_reports (meter_id, block, content, generation) VALUES ($1, $2, $3, $4)
         ON CONFLICT (meter_id, block) DO UPDATE SET content = excluded.content, generation = excluded.generation",
        meter.as_str(),
        block.block,
        block.content.as_str(),
        block.generation,
    )
    .execute(conn)
    .await?;
    Ok(())
}
