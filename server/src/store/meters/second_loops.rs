//! Which outlets have a second loop.

use domain::ids::{HouseholdId, MeterId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// Says of one of a meter's outlets whether it has a second loop; `false` when there is no such outlet.
pub async fn set(
    conn: &mut AnyConnection,
    meter: &MeterId,
    position: i64,
    has: bool,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE outlets SET second_loop = $1 WHERE meter_id = $2 AND position = $3",
        i64::from(has),
        meter.as_str(),
        position,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is wanted and what was read of an outlet's second loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SecondLoop {
    /// Which outlet, from 0.
    pub position: i64,
    /// Its phases: 1 or 3.
    pub phases: i64,
    /// 1 or 0 as the office said, `None` while it never did.
    pub wanted: Option<i64>,
    /// 1 or 0 as the meter says, `None` while it was never read.
    pub reported: Option<i64>,
}

impl SecondLoop {
    /// Whether there shall be one: the office's word, else the meter's.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.wanted.or(self.reported) == Some(1)
    }

    /// Whether the meter does not hold yet what the office said.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.wanted.is_some() && self.wanted != self.reported
    }
}

/// Of a meter's outlets, in order.
pub async fn of_meter(conn: &mut AnyConnection, meter: &MeterId) -> Result<Vec<SecondLoop>, DbError> {
    let rows = sql_as!(
        SecondLoop,
        "SELECT h.position, h.phases, h.second_loop AS wanted, CASE WHEN r.signs LIKE '%second-loop%' THEN 1 WHEN r.signs IS NULL THEN NULL ELSE 0 END
                    AS reported
         FROM outlets h LEFT JOIN household_reports r ON r.household_id = h.id
         WHERE h.meter_id = $1 ORDER BY h.position",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Of a household.
pub async fn of(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Option<SecondLoop>, DbError> {
    let row = sql_as!(
        SecondLoop,
        "SELECT h.position, h.phases, h.second_loop AS wanted, CASE WHEN r.signs LIKE '%second-loop%' THEN 1 WHEN r.signs IS NULL THEN NULL ELSE 0 END
                    AS reported
         FROM outlets h LEFT JOIN household_reports r ON r.household_id = h.id WHERE h.id = $1",
        household.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}
