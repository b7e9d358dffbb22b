//! Failed sign-ins, by account and by address.

use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// What is remembered under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Attempts that failed, those under way included.
    pub failures: i64,
    /// When the last one was, wall time.
    pub last_ms: i64,
    /// Until when no attempt is looked at, wall time.
    pub blocked_until_ms: i64,
}

/// What is remembered under a key, locked until the transaction ends.
pub async fn locked(conn: &mut AnyConnection, key: &str) -> Result<Row, DbError> {
    let row = sql_as!(
        Row,
        "INSERT INTO throttles (key, failures, last_ms, blocked_until_ms) VALUES ($1, 0, 0, 0)
         ON CONFLICT (key) DO UPDATE SET failures = throttles.failures
         RETURNING failures, last_ms, blocked_until_ms",
        key,
    )
    .fetch_one(conn)
    .await?;
    Ok(row)
}

/// Remembers.
pub async fn put(conn: &mut AnyConnection, key: &str, row: Row) -> Result<(), DbError> {
    sql!(
        "UPDATE throttles SET failures = $1, last_ms = $2, blocked_until_ms = $3 WHERE key = $4",
        row.failures,
        row.last_ms,
        row.blocked_until_ms,
        key,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what lies before this moment; how many.
pub async fn forget(conn: &mut AnyConnection, last_before_ms: i64) -> Result<u64, DbError> {
    let done = sql!("DELETE FROM throttles WHERE last_ms < $1", last_before_ms).execute(conn).await?;
    Ok(done.rows_affected())
}
