//! Payments over channels that keep their own books, by what the channel calls them.

use domain::ids::OperationId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql};

/// Notes that a payment pays this sale; `false` when it pays another one already.
pub async fn claim(
    conn: &mut AnyConnection,
    channel: &str,
    reference: &str,
    sale: &OperationId,
) -> Result<bool, DbError> {
    let done = sql!(
        "INSERT INTO payment_references (channel, reference, sale_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        channel,
        reference,
        sale.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Frees the payment of a sale that was taken back, so that it may pay the right one.
pub async fn release(conn: &mut AnyConnection, sale: &OperationId) -> Result<(), DbError> {
    sql!("DELETE FROM payment_references WHERE sale_id = $1", sale.as_str()).execute(conn).await?;
    Ok(())
}
