//! Purses: how far each tenancy has come into its lots. The one derived table of the books; `check` recomputes it.

use domain::books::Purse;
use domain::ids::TenancyId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A tenancy's purse, to look at.
pub async fn get(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Purse, DbError> {
    let row = sql_as!(
        Purse,
        "SELECT used_wh, seen_ms, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor
         FROM purses WHERE tenancy_id = $1",
        tenancy.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.unwrap_or_default())
}

/// A tenancy's purse, to change: nobody else changes it before this transaction ends. To be called before its lots are
/// read and before its household's totals are raised, so that no two transactions wait for each other.
pub async fn lock(conn: &mut AnyConnection, tenancy: &TenancyId) -> Result<Purse, DbError> {
    let row = sql_as!(
        Purse,
        "INSERT INTO purses (tenancy_id, used_wh, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor)
         VALUES ($1, 0, 0, 0, 0, 0) ON CONFLICT (tenancy_id) DO UPDATE SET used_wh = purses.used_wh
         RETURNING used_wh, seen_ms, subsidy_taken_wh, subsidy_valued_minor, paid_taken_wh, paid_valued_minor",
        tenancy.as_str(),
    )
    .fetch_one(conn)
    .await?;
    Ok(row)
}

/// Writes a purse that was locked before.
pub async fn put(conn: &mut AnyConnection, tenancy: &TenancyId, purse: &Purse) -> Result<(), DbError> {
    sql!(
        "UPDATE purses SET used_wh = $1, subsidy_taken_wh = $2, subsidy_valued_minor = $3, paid_taken_wh = $4,
             paid_valued_minor = $5, seen_ms = $6 WHERE tenancy_id = $7",
        purse.used_wh,
        purse.subsidy_taken_wh,
        purse.subsidy_valued_minor,
        purse.paid_taken_wh,
        purse.paid_valued_minor,
        purse.seen_ms,
        tenancy.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
