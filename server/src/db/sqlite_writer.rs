//! The one writer of a SQLite database: commits waiting jobs in groups, so that a slow disk is waited for once a
//! group and not once a sale.

use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Executor};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use super::error::DbError;
use super::job::{Job, Ran, slower_disk};

/// Jobs waiting for the writer; a caller beyond this waits to hand its job in.
const QUEUE: usize = 1024;
/// Jobs in one transaction. Larger groups would make the first caller wait for the last.
const GROUP: usize = 32;

type Group = Vec<Box<dyn Job>>;

#[derive(Clone)]
pub(super) struct SqliteWriter {
    queue: mpsc::Sender<Box<dyn Job>>,
    pool: AnyPool,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
    pub(super) extra_sync: Duration,
}

impl SqliteWriter {
    pub(super) fn start(pool: AnyPool, extra_sync: Duration) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(pool.clone(), jobs, extra_sync));
        Self { queue, pool, task: Arc::new(Mutex::new(Some(task))), extra_sync }
    }

    pub(super) async fn submit(&self, job: Box<dyn Job>) {
        if let Err(mpsc::error::SendError(job)) = self.queue.send(job).await {
            job.answer(Err(DbError::Closed));
        }
    }

    pub(super) async fn raw_connection(&self) -> Result<PoolConnection<Any>, DbError> {
        Ok(self.pool.acquire().await?)
    }

    /// Stops the writer between two groups; jobs still queued are answered "closed".
    pub(super) async fn close(&self) {
        self.pool.close().await;
        if let Some(task) = self.task.lock().await.take() {
            task.abort();
        }
    }
}

async fn run(pool: AnyPool, mut jobs: mpsc::Receiver<Box<dyn Job>>, extra_sync: Duration) {
    let mut group = Group::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        match pool.acquire().await {
            Ok(mut conn) => commit_group(&mut conn, &mut group, extra_sync).await,
            Err(error) => {
                tracing::error!(%error, "no connection to write with");
                group.drain(..).for_each(|job| job.answer(Err(DbError::Closed)));
            }
        }
    }
}

/// All in one transaction; when one of them fails, each in its own, so that nobody suffers for a neighbour.
async fn commit_group(conn: &mut AnyConnection, group: &mut Group, extra_sync: Duration) {
    if group.len() > 1 && matches!(commit_together(conn, group, extra_sync).await, Ok(true)) {
        group.drain(..).for_each(|job| job.answer(Ok(())));
        return;
    }
    for job in group.drain(..) {
        commit_alone(conn, job, extra_sync).await;
    }
}

async fn commit_together(
    conn: &mut AnyConnection,
    group: &mut Group,
    extra_sync: Duration,
) -> Result<bool, DbError> {
    conn.execute("BEGIN IMMEDIATE").await?;
    for job in group.iter_mut() {
        if job.run(conn).await != Ran::Fine {
            conn.execute("ROLLBACK").await?;
            return Ok(false);
        }
    }
    commit(conn, extra_sync).await.map(|()| true)
}

async fn commit_alone(conn: &mut AnyConnection, mut job: Box<dyn Job>, extra_sync: Duration) {
    let committed = async {
        conn.execute("BEGIN IMMEDIATE").await?;
        match job.run(conn).await {
            Ran::Fine => commit(conn, extra_sync).await,
            Ran::Failed | Ran::Retry => Ok(conn.execute("ROLLBACK").await.map(|_| ())?),
        }
    };
    let committed = committed.await;
    job.answer(committed);
}

/// A commit that fails (a full disk) leaves the transaction open: it must not leak into the next group.
async fn commit(conn: &mut AnyConnection, extra_sync: Duration) -> Result<(), DbError> {
    slower_disk(extra_sync).await;
    match conn.execute("COMMIT").await {
        Ok(_) => Ok(()),
        Err(error) => {
            if let Err(rollback) = conn.execute("ROLLBACK").await {
                tracing::error!(error = %rollback, "rolling back after a failed commit");
            }
            Err(error.into())
        }
    }
}
