//! Readings of running totals that have not been recognised yet, and the use that was.

use domain::books::{Breaker, Taken};
use domain::ids::{HouseholdId, OperationId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A running total of an epoch, and what it takes to judge it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reading {
    /// The household.
    pub household_id: HouseholdId,
    /// The tenancy whose epoch it is.
    pub tenancy_id: TenancyId,
    /// The epoch.
    pub epoch: i64,
    /// Used in it, in Wh.
    pub used_wh: i64,
    /// When that was read, site time.
    pub seen_ms: i64,
    /// Since when the tenancy lives there, site time.
    pub opened_ms: i64,
    /// Phases of its outlet: 1 or 3.
    pub phases: i64,
    /// The breaker as the site set it, in mA.
    pub breaker_ma: Option<i64>,
}

impl Reading {
    /// The breaker in front of it.
    #[must_use]
    pub fn breaker(&self) -> Breaker {
        Breaker::of(self.phases, self.breaker_ma)
    }
}

macro_rules! reading {
    ($rest:literal) => {
        concat!(
            "SELECT h.id AS household_id, t.id AS tenancy_id, c.epoch, r.used_wh, r.seen_ms, t.opened_ms, h.phases,
                    h.breaker_ma
             FROM credit_accounts c JOIN outlets h ON h.id = c.household_id JOIN tenancies t ON t.id = c.tenancy_id
             JOIN household_reports r ON r.household_id = c.household_id AND r.epoch = c.epoch ",
            $rest
        )
    };
}

/// What a household's meter last said of the epoch of those who live there; `None` when it said nothing of it yet.
pub async fn latest(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Option<Reading>, DbError> {
    Ok(sql_as!(Reading, reading!("WHERE c.household_id = $1"), household.as_str())
        .fetch_optional(conn)
        .await?)
}

/// A reading of an epoch that has been closed: by its snapshot, or by what was seen at the meter. `None` when there is no
/// such tenancy or household.
pub async fn closing(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    tenancy: &TenancyId,
    epoch: i64,
    (used_wh, seen_ms): (i64, i64),
) -> Result<Option<Reading>, DbError> {
    let row = sql_as!(
        Reading,
        "SELECT h.id AS household_id, t.id AS tenancy_id, CAST($1 AS BIGINT) AS epoch, CAST($2 AS BIGINT) AS used_wh,
                CAST($3 AS BIGINT) AS seen_ms, t.opened_ms, h.phases, h.breaker_ma
         FROM outlets h, tenancies t WHERE h.id = $4 AND t.id = $5",
        epoch,
        used_wh,
        seen_ms,
        household.as_str(),
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Readings that say something else than what has been recognised, of households after `after`, by id.
pub async fn unrecognised(
    conn: &mut AnyConnection,
    after: &str,
    limit: i64,
) -> Result<Vec<Reading>, DbError> {
    let rows = sql_as!(
        Reading,
        reading!(
            "LEFT JOIN purses p ON p.tenancy_id = t.id
             WHERE c.household_id > $1 AND r.used_wh <> COALESCE(p.used_wh, 0) ORDER BY c.household_id LIMIT $2"
        ),
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many of them there are.
pub async fn count_unrecognised(conn: &mut AnyConnection) -> Result<i64, DbError> {
    let (count,) = sql_as!(
        (i64,),
        "SELECT COUNT(*) FROM credit_accounts c
         JOIN household_reports r ON r.household_id = c.household_id AND r.epoch = c.epoch
         LEFT JOIN purses p ON p.tenancy_id = c.tenancy_id
         WHERE c.tenancy_id IS NOT NULL AND r.used_wh <> COALESCE(p.used_wh, 0)",
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Writes down use that was recognised: from one running total to the next, as used until `used_ms`.
pub async fn insert(
    conn: &mut AnyConnection,
    operation: &OperationId,
    (reading, used_ms): (&Reading, i64),
    from_used_wh: i64,
    taken: &Taken,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO consumptions (operation_id, tenancy_id, seen_ms, from_used_wh, to_used_wh, subsidy_wh, paid_wh,
             subsidy_minor, paid_minor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        operation.as_str(),
        reading.tenancy_id.as_str(),
        used_ms,
        from_used_wh,
        reading.used_wh,
        taken.subsidy_wh,
        taken.paid_wh,
        taken.subsidy_minor,
        taken.paid_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}
