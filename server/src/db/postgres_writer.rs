//! Writes on PostgreSQL: each job in a task and a transaction of its own, run again when the engine asks for it.
//!
//! A task of its own because cancelling a transaction half-way (as a browser that disconnects would) can poison the
//! pooled connection.

use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Connection};
use tokio::sync::Semaphore;

use super::error::DbError;
use super::job::{Job, Ran, slower_disk};

/// Write transactions under way at a time. More would only wait for each other's rows and for the disk, and would keep
/// readers from their connections.
const WRITERS: usize = 16;
/// How often a transaction that collides with others is run before its caller hears of it.
const ATTEMPTS: u32 = 8;

#[derive(Clone)]
pub(super) struct PostgresWriter {
    pool: AnyPool,
    places: Arc<Semaphore>,
    pub(super) extra_sync: Duration,
}

impl PostgresWriter {
    pub(super) fn new(pool: AnyPool, extra_sync: Duration) -> Self {
        Self { pool, places: Arc::new(Semaphore::new(WRITERS)), extra_sync }
    }

    pub(super) fn submit(&self, job: Box<dyn Job>) {
        let writer = self.clone();
        tokio::spawn(async move {
            match writer.places.acquire().await {
                Ok(_place) => run(&writer.pool, job, writer.extra_sync).await,
                Err(_) => job.answer(Err(DbError::Closed)),
            }
        });
    }

    pub(super) async fn raw_connection(&self) -> Result<PoolConnection<Any>, DbError> {
        Ok(self.pool.acquire().await?)
    }

    pub(super) async fn close(&self) {
        self.places.close();
        self.pool.close().await;
    }
}

async fn run(pool: &AnyPool, mut job: Box<dyn Job>, extra_sync: Duration) {
    for _ in 1..ATTEMPTS {
        match attempt(pool, job.as_mut(), extra_sync).await {
            Ok(Ran::Retry) | Err(DbError::Retry(_)) => {}
            committed => return job.answer(committed.map(|_| ())),
        }
    }
    let committed = attempt(pool, job.as_mut(), extra_sync).await;
    job.answer(committed.map(|_| ()));
}

async fn attempt(pool: &AnyPool, job: &mut dyn Job, extra_sync: Duration) -> Result<Ran, DbError> {
    let mut conn = pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let ran = job.run(&mut transaction).await;
    match ran {
        Ran::Fine => {
            slower_disk(extra_sync).await;
            transaction.commit().await?;
        }
        Ran::Failed | Ran::Retry => transaction.rollback().await?,
    }
    Ok(ran)
}
