//! Free electricity that was not used in its time.

use sqlx::AnyConnection;

use crate::db::{DbError, sql};
use crate::ids::{OperationId, TenancyId};

/// Writes a lapse.
///
/// # Errors
/// The database's.
pub async fn insert(
    conn: &mut AnyConnection,
    operation: &OperationId,
    tenancy: &TenancyId,
    energy_wh: i64,
    at_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO lapses (operation_id, tenancy_id, energy_wh, at_ms) VALUES ($1, $2, $3, $4)",
        operation.as_str(),
        tenancy.as_str(),
        energy_wh,
        at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
