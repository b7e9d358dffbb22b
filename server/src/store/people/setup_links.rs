//! The one-time links that create the first administrator; only their hashes are stored.

use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// Puts a link in the place of every earlier one.
pub async fn replace(conn: &mut AnyConnection, token_hash: &str, expires_ms: i64) -> Result<(), DbError> {
    sql!("DELETE FROM setup_links").execute(&mut *conn).await?;
    sql!(
        "INSERT INTO setup_links (token_hash, expires_ms, used_ms) VALUES ($1, $2, NULL)",
        token_hash,
        expires_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the link still works.
pub async fn good(conn: &mut AnyConnection, token_hash: &str, wall_ms: i64) -> Result<bool, DbError> {
    let row = sql_as!(
        (String,),
        "SELECT token_hash FROM setup_links WHERE token_hash = $1 AND used_ms IS NULL AND expires_ms > $2",
        token_hash,
        wall_ms,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Uses the link up; `false` when it was used or had expired.
pub async fn spend(conn: &mut AnyConnection, token_hash: &str, wall_ms: i64) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE setup_links SET used_ms = $1 WHERE token_hash = $2 AND used_ms IS NULL AND expires_ms > $1",
        wall_ms,
        token_hash,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
