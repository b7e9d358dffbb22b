//! Hourly totals: the running meter of each household at each full hour, as its meter kept it.

use domain::ids::{HouseholdId, MeterId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// Digits of a total as it is handed to the database.
const DIGITS: usize = 19;

/// The totals of all outlets of a meter at a full hour that were fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHour {
    /// The full hour, UTC.
    pub at_ms: i64,
    /// By position, in Wh.
    pub totals_wh: Vec<i64>,
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

/// Keeps the totals of an hour for all outlets of a meter, in one statement: a visit after an outage brings many. However
/// many outlets there are, their totals are one text, of which each takes its digits.
pub(crate) async fn keep(conn: &mut AnyConnection, meter: &MeterId, hour: &NewHour) -> Result<(), DbError> {
    let digits: String = hour
        .totals_wh
        .iter()
        .map(|total_wh| format!("{:0width$}", total_wh.max(&0), width = DIGITS))
        .collect();
    sql!(
        "INSERT INTO hourly_energy (household_id, at_ms, energy_total_wh)
         SELECT id, CAST($2 AS BIGINT),
                CAST(SUBSTR(CAST($3 AS TEXT), CAST(1 + 19 * position AS INTEGER), 19) AS BIGINT)
         FROM outlets WHERE meter_id = $1 AND position < $4
         ON CONFLICT (household_id, at_ms) DO NOTHING",
        meter.as_str(),
        hour.at_ms,
        digits,
        i64::try_from(hour.totals_wh.len()).unwrap_or(0),
    )
    .execute(conn)
    .await?;
    Ok(())
}
