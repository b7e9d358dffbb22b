//! Hourly totals: the running meter of each household at each full hour, as its meter kept it.

use domain::ids::{HouseholdId, MeterId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// Outlets of a meter.
const OUTLETS: usize = 11;

/// The totals of all outlets of a meter at a full hour that were fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHour {
    /// The full hour, UTC.
    pub at_ms: i64,
    /// By position, in Wh.
    pub totals_wh: [i64; OUTLETS],
}

/// The running meter at a full hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HourTotal {
    /// The full hour, UTC.
    pub at_ms: i64,
    /// The running meter, in Wh.
    pub energy_total_wh: i64,
}

/// A household's totals at the full hours in `[from_ms, to_ms]`, the oldest first. Hours that were never recorded are
/// not there.
///
/// # Errors
/// The database's.
pub async fn between(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<HourTotal>, DbError> {
    let rows = sql_as!(
        HourTotal,
        "SELECT at_ms, energy_total_wh FROM hourly_energy
         WHERE household_id = $1 AND at_ms BETWEEN $2 AND $3 ORDER BY at_ms",
        household.as_str(),
        from_ms,
        to_ms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Keeps the totals of an hour for all outlets of a meter, in one statement: a visit after an outage brings many.
pub(crate) async fn keep(conn: &mut AnyConnection, meter: &MeterId, hour: &NewHour) -> Result<(), DbError> {
    let [h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10] = hour.totals_wh;
    sql!(
        "INSERT INTO hourly_energy (household_id, at_ms, energy_total_wh)
         SELECT id, CAST($2 AS BIGINT), CASE position
             WHEN 0 THEN CAST($3 AS BIGINT) WHEN 1 THEN CAST($4 AS BIGINT) WHEN 2 THEN CAST($5 AS BIGINT)
             WHEN 3 THEN CAST($6 AS BIGINT) WHEN 4 THEN CAST($7 AS BIGINT) WHEN 5 THEN CAST($8 AS BIGINT)
             WHEN 6 THEN CAST($9 AS BIGINT) WHEN 7 THEN CAST($10 AS BIGINT) WHEN 8 THEN CAST($11 AS BIGINT)
             WHEN 9 THEN CAST($12 AS BIGINT) ELSE CAST($13 AS BIGINT) END
         FROM households WHERE meter_id = $1
         ON CONFLICT (household_id, at_ms) DO NOTHING",
        meter.as_str(),
        hour.at_ms,
        h0,
        h1,
        h2,
        h3,
        h4,
        h5,
        h6,
        h7,
        h8,
        h9,
        h10,
    )
    .execute(conn)
    .await?;
    Ok(())
}
