//! What both writers share: a job with its answer, and the choice between the engines.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::sync::oneshot;

use super::DbError;
use super::postgres_writer::PostgresWriter;
use super::sqlite_writer::SqliteWriter;

/// The error of a write job: the database's own, or an operation's that may carry one.
pub trait WriteError: From<DbError> + Send + 'static {
    /// Whether the engine asked to run the transaction again.
    fn asks_retry(&self) -> bool;
}

impl WriteError for DbError {
    fn asks_retry(&self) -> bool {
        matches!(self, Self::Retry(_))
    }
}

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
        let pending = Box::new(Typed { context, job, outcome: None, reply });
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

/// How one run of a job went, as far as its transaction is concerned.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ran {
    /// Its changes may be committed.
    Fine,
    /// It refused or failed: roll back.
    Failed,
    /// The engine asks to run it again.
    Retry,
}

/// A write that waits for its transaction, its types forgotten.
pub(super) trait Job: Send {
    /// Runs it once; its outcome is kept until [`Job::answer`].
    fn run<'c>(&'c mut self, conn: &'c mut AnyConnection) -> BoxFuture<'c, Ran>;
    /// Hands the outcome to the caller, or the error that kept it from being committed.
    fn answer(self: Box<Self>, committed: Result<(), DbError>);
}

struct Typed<C, T, E, F> {
    context: C,
    job: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<C, T, E, F> Job for Typed<C, T, E, F>
where
    C: Send + Sync,
    F: for<'c> Fn(&'c C, &'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync,
    T: Send,
    E: WriteError,
{
    fn run<'c>(&'c mut self, conn: &'c mut AnyConnection) -> BoxFuture<'c, Ran> {
        async move {
            let outcome = AssertUnwindSafe((self.job)(&self.context, conn)).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|_| Err(DbError::Panicked.into()));
            let ran = match &outcome {
                Ok(_) => Ran::Fine,
                Err(error) if error.asks_retry() => Ran::Retry,
                Err(_) => Ran::Failed,
            };
            self.outcome = Some(outcome);
            ran
        }
        .boxed()
    }

    fn answer(self: Box<Self>, committed: Result<(), DbError>) {
        let answer = match (committed, self.outcome) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(DbError::Closed.into()),
        };
        // A caller that has gone away is no reason to fail: the write stands in the books.
        let _ = self.reply.send(answer);
    }
}

/// Waits as long as a slower disk would take to make a commit durable; on a real one, not at all.
pub(super) async fn slower_disk(extra_sync: Duration) {
    if !extra_sync.is_zero() {
        tokio::time::sleep(extra_sync).await;
    }
}
