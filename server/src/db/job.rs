//! A write job: run in a transaction, perhaps more than once, and answered when it is durable.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::AnyConnection;
use tokio::sync::oneshot;

use super::error::DbError;

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

/// A job with its types, and where its answer goes.
pub(super) struct Typed<C, T, E, F> {
    context: C,
    job: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<C, T, E, F> Typed<C, T, E, F> {
    pub(super) fn new(context: C, job: F, reply: oneshot::Sender<Result<T, E>>) -> Self {
        Self { context, job, outcome: None, reply }
    }
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
