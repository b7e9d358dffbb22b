//! Readings of the running meter, for charts and for "days left".

use domain::ids::HouseholdId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// The running meter at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reading {
    /// When, site time.
    pub at_ms: i64,
    /// The running meter, in Wh.
    pub energy_total_wh: i64,
    /// Active power then, in mW.
    pub power_mw: i64,
}

/// A household's readings in `[from_ms, to_ms]`, the oldest first.
pub async fn between(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Reading>, DbError> {
    let rows = sql_as!(
        Reading,
        "SELECT at_ms, energy_total_wh, power_mw FROM readings
         WHERE household_id = $1 AND at_ms BETWEEN $2 AND $3 ORDER BY at_ms",
        household.as_str(),
        from_ms,
        to_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Keeps a reading, unless the span (from the first until before the second) has one already.
pub async fn keep(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    reading: &Reading,
    (from_ms, until_ms): (i64, i64),
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO readings (household_id, at_ms, energy_total_wh, power_mw)
         SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)
         WHERE NOT EXISTS (SELECT 1 FROM readings WHERE household_id = $1 AND at_ms >= $5 AND at_ms < $6)
         ON CONFLICT (household_id, at_ms) DO NOTHING",
        household.as_str(),
        reading.at_ms,
        reading.energy_total_wh,
        reading.power_mw,
        from_ms,
        until_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
