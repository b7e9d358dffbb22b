//! Free electricity that was not used in its time.

use domain::ids::{OperationId, RuleId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql};

/// Writes a lapse: energy in Wh, and what it was worth in minor units. Without a rule, because the residents left.
pub async fn insert(
    conn: &mut AnyConnection,
    (operation, rule): (&OperationId, Option<&RuleId>),
    tenancy: &TenancyId,
    (energy_wh, amount_minor): (i64, i64),
    at_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO lapses (operation_id, tenancy_id, energy_wh, at_ms, amount_minor, rule_id)
         VALUES ($1, $2, $3, $4, $5, $6)",
        operation.as_str(),
        tenancy.as_str(),
        energy_wh,
        at_ms,
        amount_minor,
        rule.map(RuleId::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}
