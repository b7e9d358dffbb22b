//! The choice between the engines' writers.

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::sync::oneshot;

use super::error::DbError;
use super::job::{Typed, WriteError, slower_disk};
use super::postgres_writer::PostgresWriter;
use super::sqlite_writer::SqliteWriter;

/// The writer of the engine in use.
#[derive(Clone)]
pub(super) enum Writer {
    Sqlite(SqliteWriter),
    Postgres(PostgresWriter),
}

impl Writer {
    pub(super) async fn write<C, T, E, F>(&self, context: C, job: F) -> Result<T, E>
    where
        C: Send + Sync + 'static,
        F: for<'c> Fn(&'c C, &'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: WriteError,
    {
        let (reply, answer) = oneshot::channel();
        let pending = Box::new(Typed::new(context, job, reply));
        match self {
            Self::Sqlite(writer) => writer.submit(pending).await,
            Self::Postgres(writer) => writer.submit(pending),
        }
        answer.await.unwrap_or_else(|_| Err(DbError::Closed.into()))
    }

    pub(super) async fn raw_connection(&self) -> Result<PoolConnection<Any>, DbError> {
        match self {
            Self::Sqlite(writer) => writer.raw_connection().await,
            Self::Postgres(writer) => writer.raw_connection().await,
        }
    }

    /// The added wait of a slower disk, for a statement that commits by itself.
    pub(super) async fn wait_as_disk(&self) {
        slower_disk(match self {
            Self::Sqlite(writer) => writer.extra_sync,
            Self::Postgres(writer) => writer.extra_sync,
        })
        .await;
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(writer) => writer.close().await,
            Self::Postgres(writer) => writer.close().await,
        }
    }
}
