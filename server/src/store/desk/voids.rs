//! Sales that were taken back.

use domain::ids::{OperationId, ShiftId, UserId};
use sqlx::AnyConnection;

use crate::db::sql;

/// A void to be written.
#[derive(Clone, Debug)]
pub struct NewVoid<'a> {
    /// Its operation, and its own id.
    pub id: &'a OperationId,
    /// What is taken back.
    pub sale_id: &'a OperationId,
    /// The shift whose drawer gave the cash back.
    pub shift_id: Option<&'a ShiftId>,
    /// Why.
    pub reason: &'a str,
    /// Who did it.
    pub actor_id: &'a UserId,
    /// When, site time.
    pub at_ms: i64,
    /// The household's debited total right after it, in Wh: what the meter must reach to have given the credit back.
    pub debited_after_wh: i64,
}

/// Writes it.
///
/// # Errors
/// A unique violation when the sale was taken back before.
pub async fn insert(conn: &mut AnyConnection, void: &NewVoid<'_>) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO voids (id, sale_id, shift_id, reason, actor_id, at_ms, debited_after_wh)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        void.id.as_str(),
        void.sale_id.as_str(),
        void.shift_id.map(ShiftId::as_str),
        void.reason,
        void.actor_id.as_str(),
        void.at_ms,
        void.debited_after_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}
