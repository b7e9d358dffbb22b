//! Writes are durable when answered, isolated from their neighbours, and indifferent to callers that go away.

use futures_util::future::join_all;
use sqlx::AnyConnection;
use wattwarden::db::{Db, DbError};

use crate::support::database::for_each_engine;

async fn insert(conn: &mut AnyConnection, name: &str) -> Result<(), DbError> {
    sqlx::query::<sqlx::Any>("INSERT INTO residents (id, number, name, created_ms) VALUES ($1, $2, $3, 0)")
        .bind(name)
        .bind(name)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(())
}

async fn count(db: &Db) -> i64 {
    let mut conn = db.read().await.unwrap();
    sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM residents").fetch_one(&mut *conn).await.unwrap().0
}

async fn add(db: &Db, name: String) -> Result<(), DbError> {
    db.write(name, |name, conn| Box::pin(insert(conn, name))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_neighbour_takes_nobody_with_it() {
    for_each_engine(|db| async move {
        add(&db, "taken".into()).await.unwrap();
        let writes = (0..100).map(|n| {
            let name = if n % 7 == 0 { "taken".to_owned() } else { format!("resident {n}") };
            let db = &db;
            async move { (n, add(db, name).await) }
        });
        for (n, outcome) in join_all(writes).await {
            assert_eq!(outcome.is_ok(), n % 7 != 0, "write {n}: {outcome:?}");
        }
        assert_eq!(count(&db).await, 1 + 100 - 15);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_fails_half_way_leaves_nothing() {
    for_each_engine(|db| async move {
        let outcome = db.write((), |(), conn| {
            Box::pin(async move {
                insert(conn, "first").await?;
                Err::<(), _>(DbError::Corrupt("on purpose".into()))
            })
        });
        assert!(matches!(outcome.await, Err(DbError::Corrupt(_))));
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_panics_is_rolled_back_and_the_writer_lives_on() {
    for_each_engine(|db| async move {
        let panics = db.write((), |(), conn| {
            Box::pin(async move {
                insert(conn, "first").await?;
                if true {
                    panic!("on purpose");
                }
                Ok::<(), DbError>(())
            })
        });
        let (panicked, fine) = tokio::join!(panics, add(&db, "second".into()));
        assert!(matches!(panicked, Err(DbError::Panicked)));
        fine.unwrap();
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_hang_up_neither_lose_nor_poison_a_write() {
    for_each_engine(|db| async move {
        for n in 0..40_u32 {
            let mut write = Box::pin(add(&db, format!("hung up {n}")));
            // Polled a few times, then dropped: as a handler is when the browser disconnects.
            for _ in 0..n % 5 {
                let _ = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await;
                tokio::task::yield_now().await;
            }
            drop(write);
            add(&db, format!("stayed {n}")).await.unwrap();
        }
        // Every write that was handed over before its caller went away stands (n % 5 == 0 never was).
        wait_for(|| async { count(&db).await == 40 + 32 }).await;
    })
    .await;
}

/// Waits for a level to be reached; bounded by the test runner's own time-out.
async fn wait_for<F, Fut>(reached: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = bool>,
{
    while !reached().await {
        tokio::task::yield_now().await;
    }
}
