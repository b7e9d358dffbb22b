//! Lots that came along from another room.

use domain::ids::{OperationId, TenancyId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql};

/// A lot that is carried over.
#[derive(Clone, Debug)]
pub struct CarriedLot<'a> {
    /// The operation that carries it.
    pub operation_id: &'a OperationId,
    /// Its place among the operation's lots.
    pub position: i64,
    /// Who has it now.
    pub tenancy_id: &'a TenancyId,
    /// Who had it before.
    pub from_tenancy_id: &'a TenancyId,
    /// How much, in Wh.
    pub energy_wh: i64,
    /// What it is worth, in minor units.
    pub amount_minor: i64,
    /// The price it was bought at.
    pub price_per_kwh: &'a str,
    /// When, site time.
    pub at_ms: i64,
}

/// Writes a lot that is carried over.
pub async fn insert(conn: &mut AnyConnection, lot: &CarriedLot<'_>) -> Result<(), DbError> {
    sql!(
        "INSERT INTO carried_lots (operation_id, position, tenancy_id, from_tenancy_id, energy_wh, amount_minor,
             price_per_kwh, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        lot.operation_id.as_str(),
        lot.position,
        lot.tenancy_id.as_str(),
        lot.from_tenancy_id.as_str(),
        lot.energy_wh,
        lot.amount_minor,
        lot.price_per_kwh,
        lot.at_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
