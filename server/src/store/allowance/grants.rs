//! Grants: lots of free electricity, and what they move in the books.

use domain::ids::{HouseholdId, OperationId, RoomId, RuleId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A grant to one room by hand, to be written.
#[derive(Clone, Debug)]
pub struct NewGrant<'a> {
    /// The room.
    pub room_id: &'a RoomId,
    /// Its operation.
    pub operation_id: &'a OperationId,
    /// Credited household.
    pub household_id: &'a HouseholdId,
    /// Credited tenancy.
    pub tenancy_id: &'a TenancyId,
    /// The epoch of the credit.
    pub epoch: i64,
    /// In Wh.
    pub energy_wh: i64,
    /// What a kWh is worth, decimal text.
    pub price_per_kwh: String,
    /// When, site time.
    pub at_ms: i64,
    /// The credited total that delivers it, in Wh.
    pub credited_after_wh: i64,
}

/// A grant as shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Grant {
    /// The room.
    pub room_id: RoomId,
    /// Its name.
    pub room_name: String,
    /// Its floor's name.
    pub floor_name: String,
    /// Its building's name.
    pub building_name: String,
    /// The month, or `extra:<operation>`.
    pub period: String,
    /// The rule's name; `None` by hand.
    pub rule_name: Option<String>,
    /// Why, by hand.
    pub reason: Option<String>,
    /// In Wh.
    pub energy_wh: i64,
    /// What a kWh was worth, decimal text.
    pub price_per_kwh: String,
    /// When, site time.
    pub at_ms: i64,
    /// 1 when the meter has taken it.
    pub delivered: i64,
}

macro_rules! grant_where {
    ($rest:literal) => {
        concat!(
            "SELECT g.room_id, r.name AS room_name, f.name AS floor_name, b.name AS building_name, g.period,
                    a.name AS rule_name, y.reason, g.energy_wh, g.price_per_kwh, g.at_ms,
                    CASE WHEN hr.epoch > g.epoch OR hr.epoch = g.epoch AND hr.credited_wh >= g.credited_after_wh
                         THEN 1 ELSE 0 END AS delivered
             FROM rooms r JOIN floors f ON f.id = r.floor_id JOIN buildings b ON b.id = f.building_id
             JOIN grants g ON g.room_id = r.id LEFT JOIN allowance_rules a ON a.id = g.rule_id
             LEFT JOIN grant_reasons y ON y.operation_id = g.operation_id
             LEFT JOIN household_reports hr ON hr.household_id = g.household_id ",
            $rest
        )
    };
}

/// A tenancy's grants, the newest first.
pub async fn of_tenancy(conn: &mut AnyConnection, id: &TenancyId, limit: i64) -> Result<Vec<Grant>, DbError> {
    Ok(sql_as!(
        Grant,
        grant_where!("WHERE g.tenancy_id = $1 ORDER BY g.at_ms DESC, g.operation_id DESC LIMIT $2"),
        id.as_str(),
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// All that a tenancy was given, in Wh.
pub async fn total_wh(conn: &mut AnyConnection, id: &TenancyId) -> Result<i64, DbError> {
    let (total_wh,) = sql_as!(
        (i64,),
        "SELECT CAST(COALESCE(SUM(energy_wh), 0) AS BIGINT) FROM grants WHERE tenancy_id = $1",
        id.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(total_wh)
}

/// A month's grants of a rule, room by room as the house is laid out; at most so many.
pub async fn of_month(
    conn: &mut AnyConnection,
    rule: &RuleId,
    period: &str,
    limit: i64,
) -> Result<Vec<Grant>, DbError> {
    Ok(sql_as!(
        Grant,
        grant_where!(
            "WHERE g.rule_id = $1 AND g.period = $2
             ORDER BY b.position, b.name, f.position, f.name, r.position, r.name, r.id LIMIT $3"
        ),
        rule.as_str(),
        period,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Writes a grant by hand: its period is of its own.
pub async fn insert_extra(
    conn: &mut AnyConnection,
    grant: &NewGrant<'_>,
    actor: &str,
    reason: &str,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO grants (room_id, period, operation_id, rule_id, household_id, tenancy_id, epoch, energy_wh,
                             price_per_kwh, at_ms, credited_after_wh)
         VALUES ($1, 'extra:' || $2, $2, NULL, $3, $4, $5, $6, $7, $8, $9)",
        grant.room_id.as_str(),
        grant.operation_id.as_str(),
        grant.household_id.as_str(),
        grant.tenancy_id.as_str(),
        grant.epoch,
        grant.energy_wh,
        grant.price_per_kwh.as_str(),
        grant.at_ms,
        grant.credited_after_wh,
    )
    .execute(&mut *conn)
    .await?;
    sql!(
        "INSERT INTO grant_reasons (operation_id, actor_id, reason) VALUES ($1, $2, $3)",
        grant.operation_id.as_str(),
        actor,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises the credited totals of the households of an operation's grants; how many. Those whose total is another than
/// when the grants were written, or that serve somebody else by now, are left alone: the operation must not stand then.
pub async fn credit_households(conn: &mut AnyConnection, operation: &OperationId) -> Result<u64, DbError> {
    let done = sql!(
        "UPDATE credit_accounts SET credited_wh = credit_accounts.credited_wh + g.energy_wh FROM grants g
         WHERE g.operation_id = $1 AND g.household_id = credit_accounts.household_id
           AND credit_accounts.tenancy_id = g.tenancy_id AND credit_accounts.epoch = g.epoch
           AND credit_accounts.credited_wh + g.energy_wh = g.credited_after_wh",
        operation.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Writes what an operation's grants move: energy from what is granted into the subsidy purses.
pub async fn record_transfers(conn: &mut AnyConnection, operation: &OperationId) -> Result<(), DbError> {
    sql!(
        "INSERT INTO transfers (operation_id, position, ledger, debit_account, credit_account, amount)
         SELECT g.operation_id, ROW_NUMBER() OVER (ORDER BY g.room_id) - 1, 'energy', 'energy:granted',
                'energy:subsidy:' || g.tenancy_id, g.energy_wh
         FROM grants g WHERE g.operation_id = $1",
        operation.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An operation's grants, those that are alike together: energy of each in Wh, what a kWh is worth, how many.
pub async fn of_operation(
    conn: &mut AnyConnection,
    operation: &OperationId,
) -> Result<Vec<(i64, String, i64)>, DbError> {
    let rows = sql_as!(
        (i64, String, i64),
        "SELECT energy_wh, price_per_kwh, COUNT(*) FROM grants WHERE operation_id = $1
         GROUP BY energy_wh, price_per_kwh",
        operation.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
