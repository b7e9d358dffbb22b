//! A fresh, migrated database on SQLite and on PostgreSQL, for each test.

use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor};
use wattwarden::db::Db;

static NEXT: AtomicU32 = AtomicU32::new(0);

fn unique_name() -> String {
    format!("wattwarden_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The server that `bin/test` starts. Never skipped in silence.
fn postgres_server() -> String {
    std::env::var("WATTWARDEN_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "WATTWARDEN_TEST_POSTGRES is not set: run the tests by bin/test, or `bin/postgres start` first"
        )
    })
}

/// Runs `test` on a fresh SQLite database and on a fresh PostgreSQL database.
pub async fn for_each_engine<F, Fut>(test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

/// A file that goes away with the value.
pub struct TempDir(pub PathBuf);

impl TempDir {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique_name());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.0.join("books.sqlite").display())
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub async fn on_sqlite<F, Fut>(test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = TempDir::new();
    let db = Db::open(&dir.sqlite_url()).await.unwrap();
    db.migrate().await.unwrap();
    println!("on SQLite");
    test(db.clone()).await;
    db.close().await;
}

/// A PostgreSQL database of its own: its URL, dropped by [`PostgresDatabase::drop_it`].
pub struct PostgresDatabase {
    pub url: String,
    server: String,
    name: String,
}

impl PostgresDatabase {
    pub async fn create() -> Self {
        sqlx::any::install_default_drivers();
        let server = postgres_server();
        let name = unique_name();
        let mut admin = sqlx::AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
        admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        Self { url: format!("{server}/{name}"), server, name }
    }

    pub async fn drop_it(self) {
        let mut admin = sqlx::AnyConnection::connect(&format!("{}/postgres", self.server)).await.unwrap();
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        admin.execute(sqlx::AssertSqlSafe(drop)).await.unwrap();
    }
}

pub async fn on_postgres<F, Fut>(test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let database = PostgresDatabase::create().await;
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    println!("on PostgreSQL");
    test(db.clone()).await;
    db.close().await;
    database.drop_it().await;
}
