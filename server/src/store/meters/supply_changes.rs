//! The history of what was asked of a household's relay, by whom and why.

use domain::ids::{HouseholdId, OperationId, UserId};
use domain::supply::SupplyMode;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A change as shown in a history.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SupplyChange {
    /// Its operation.
    pub id: OperationId,
    /// What was asked.
    #[sqlx(try_from = "String")]
    pub mode: SupplyMode,
    /// Until when, site time.
    pub until_ms: Option<i64>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub actor_name: String,
    /// When, site time.
    pub at_ms: i64,
}

/// A change to be written.
#[derive(Clone, Debug)]
pub struct NewSupplyChange<'a> {
    /// Its operation.
    pub id: &'a OperationId,
    /// Which household.
    pub household_id: &'a HouseholdId,
    /// What is asked.
    pub mode: SupplyMode,
    /// Until when, site time.
    pub until_ms: Option<i64>,
    /// Why.
    pub reason: &'a str,
    /// The generation it became.
    pub generation: i64,
    /// By whom.
    pub actor_id: &'a UserId,
    /// When, site time.
    pub at_ms: i64,
}

/// Writes a change.
pub async fn insert(conn: &mut AnyConnection, change: &NewSupplyChange<'_>) -> Result<(), DbError> {
    sql!(
        "INSERT INTO supply_changes (id, household_id, mode, until_ms, reason, generation, actor_id, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        change.id.as_str(),
        change.household_id.as_str(),
        change.mode.as_str(),
        change.until_ms,
        change.reason,
        change.generation,
        change.actor_id.as_str(),
        change.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A household's changes from a moment until another (without it), the newest first.
pub async fn of_household(
    conn: &mut AnyConnection,
    id: &HouseholdId,
    (from_ms, until_ms): (i64, i64),
    limit: i64,
) -> Result<Vec<SupplyChange>, DbError> {
    let rows = sql_as!(
        SupplyChange,
        "SELECT c.id, c.mode, c.until_ms, c.reason, o.actor_name, c.at_ms
         FROM supply_changes c JOIN operations o ON o.id = c.id
         WHERE c.household_id = $1 AND c.at_ms >= $2 AND c.at_ms < $3
         ORDER BY c.at_ms DESC, c.id DESC LIMIT $4",
        id.as_str(),
        from_ms,
        until_ms,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
