//! Connection pools, and the settings each engine needs.

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Executor};

use super::error::DbError;

/// SQLite readers: as many pages as are rendered at a time.
const SQLITE_READERS: u32 = 6;
/// PostgreSQL connections of one server process.
const POSTGRES_CONNECTIONS: u32 = 24;
/// A page that waits longer than this for a connection had better say so.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn sqlite_readers(url: &str) -> Result<AnyPool, DbError> {
    sqlite(url, SQLITE_READERS, "PRAGMA query_only = 1").await
}

/// The one connection that writes. Pragmas cannot go in the URL.
pub(super) async fn sqlite_writer(url: &str) -> Result<AnyPool, DbError> {
    sqlite(url, 1, "PRAGMA synchronous = FULL").await
}

async fn sqlite(url: &str, connections: u32, last: &'static str) -> Result<AnyPool, DbError> {
    let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
    let options = AnyConnectOptions::from_str(&url)?;
    let pool = options_of(connections)
        .after_connect(move |conn, _| {
            Box::pin(async move {
                conn.execute("PRAGMA busy_timeout = 10000").await?;
                conn.execute("PRAGMA journal_mode = WAL").await?;
                conn.execute("PRAGMA foreign_keys = ON").await?;
                conn.execute(last).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}

pub(super) async fn postgres(url: &str) -> Result<AnyPool, DbError> {
    Ok(options_of(POSTGRES_CONNECTIONS).connect_with(AnyConnectOptions::from_str(url)?).await?)
}

fn options_of(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}
