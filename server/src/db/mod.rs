//! The database: one SQL text on SQLite and PostgreSQL. The only module that knows there are two engines.
//!
//! Reads take a connection from a pool. Writes go through [`Db::write`], which owns the transaction, survives a
//! caller that hangs up, and answers only once the change is durable.

mod append_only;
mod error;
mod job;
mod open_shift;
mod pool;
mod postgres_writer;
mod sql;
mod sqlite_writer;
mod write;

pub use error::DbError;
pub use job::WriteError;
#[doc(hidden)]
pub use sql::{Command, Select, placeholders};
pub(crate) use sql::{sql, sql_as};
/// A connection of either engine, for those who pass it on without naming SQL.
pub use sqlx::AnyConnection as Connection;

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool};

use self::write::Writer;

/// The engine behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: WAL, `synchronous=FULL`, one writer that commits in groups.
    Sqlite,
    /// A server, shared by several processes.
    Postgres,
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    readers: AnyPool,
    writer: Writer,
}

impl Db {
    /// Connects to `sqlite:<path>` (created when absent) or `postgres://…`.
    ///
    /// # Errors
    /// [`DbError::Url`] for any other scheme; otherwise what the engine says.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        Self::open_on_disk(url, Duration::ZERO).await
    }

    /// As [`Db::open`], on a disk that takes `extra_sync` longer to make a commit durable: to measure what a slower
    /// disk than this machine's would do.
    ///
    /// # Errors
    /// Those of [`Db::open`].
    pub async fn open_on_disk(url: &str, extra_sync: Duration) -> Result<Self, DbError> {
        sqlx::any::install_default_drivers();
        if url.starts_with("sqlite:") {
            let readers = pool::sqlite_readers(url).await?;
            let writer = sqlite_writer::SqliteWriter::start(pool::sqlite_writer(url).await?, extra_sync);
            Ok(Self { engine: Engine::Sqlite, readers, writer: Writer::Sqlite(writer) })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let readers = pool::postgres(url).await?;
            let writer = Writer::Postgres(postgres_writer::PostgresWriter::new(readers.clone(), extra_sync));
            Ok(Self { engine: Engine::Postgres, readers, writer })
        } else {
            Err(DbError::Url)
        }
    }

    /// Which engine this is; for figures and messages, never for a different SQL text.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Brings the schema up to date and closes the append-only tables to edits; refuses a database made by a newer
    /// version.
    ///
    /// # Errors
    /// What the migration or the engine says.
    pub async fn migrate(&self) -> Result<(), DbError> {
        let migrator = sqlx::migrate!("../migrations");
        let mut conn = self.writer.raw_connection().await?;
        // A migration may have to fill a new column of rows that are closed to edits otherwise.
        if append_only::migrations_are_due(&mut conn, &migrator).await? {
            append_only::lift(&mut conn, self.engine).await?;
        }
        migrator.run(&mut *conn).await.map_err(DbError::Migrate)?;
        append_only::install(&mut conn, self.engine).await?;
        if self.engine == Engine::Postgres {
            open_shift::install_on_postgres(&mut conn).await?;
        }
        Ok(())
    }

    /// Opens the append-only tables to edits until the next [`Db::migrate`]: for tests that falsify books to see that
    /// it is found out.
    ///
    /// # Errors
    /// The database's.
    #[doc(hidden)]
    pub async fn open_to_edits(&self) -> Result<(), DbError> {
        append_only::lift(&mut *self.writer.raw_connection().await?, self.engine).await
    }

    /// A connection to read from.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn read(&self) -> Result<PoolConnection<Any>, DbError> {
        Ok(self.readers.acquire().await?)
    }

    /// Runs `job` on `context` in one write transaction and answers once it is durable; an `Err` rolls it back.
    ///
    /// `job` may run more than once (its group was rolled back, or the engine asked for a retry), so it must have no
    /// effect but on the connection. It runs in a task of its own: a caller that goes away half-way, as a browser
    /// that disconnects does, changes nothing.
    ///
    /// # Errors
    /// What `job` returns, or the database's own error.
    pub async fn write<C, T, E, F>(&self, context: C, job: F) -> Result<T, E>
    where
        C: Send + Sync + 'static,
        F: for<'c> Fn(&'c C, &'c mut AnyConnection) -> BoxFuture<'c, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: WriteError,
    {
        self.writer.write(context, job).await
    }

    /// Lets the engine look at its tables anew, before much work over all of them. PostgreSQL does so by itself within
    /// minutes, but until then, after a campus was taken in from files, it may plan as if the tables were empty and take
    /// minutes for a statement of milliseconds. SQLite has no need: its plans go by the indexes.
    ///
    /// # Errors
    /// The database's.
    pub async fn refresh_statistics(&self) -> Result<(), DbError> {
        if self.engine == Engine::Postgres {
            sql!("ANALYZE").execute(&mut *self.writer.raw_connection().await?).await?;
        }
        Ok(())
    }

    /// One statement as a transaction of its own, without the group commit: the bare peer of `bench`.
    pub(crate) async fn bare_write(&self, statement: Command<'_>) -> Result<(), DbError> {
        let mut conn = self.writer.raw_connection().await?;
        self.writer.wait_as_disk().await;
        statement.execute(&mut conn).await?;
        Ok(())
    }

    /// Closes every connection, after the writes that are under way.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
