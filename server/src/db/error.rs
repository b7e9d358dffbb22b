//! What can go wrong in the database, classified by kind, since constraint names differ between the engines.

use domain::UnknownWord;

/// An error of the database layer.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The URL names no engine that is supported.
    #[error("the database URL must begin with sqlite: or postgres:")]
    Url,
    /// A unique constraint refused the write.
    #[error("a row with the same key exists: {0}")]
    Unique(#[source] sqlx::Error),
    /// A CHECK, NOT NULL or foreign key refused the write.
    #[error("the row breaks a rule of the schema: {0}")]
    Constraint(#[source] sqlx::Error),
    /// The engine asks to run the transaction again.
    #[error("the transaction collided with another: {0}")]
    Retry(#[source] sqlx::Error),
    /// A migration failed, or the database was made by a newer version.
    #[error("the schema can't be brought up to date: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The job panicked; its transaction was rolled back.
    #[error("a write panicked and was rolled back")]
    Panicked,
    /// The writer has been closed.
    #[error("the database is closed")]
    Closed,
    /// Stored text that no version of this program writes.
    #[error("unreadable value in the database: {0}")]
    Corrupt(String),
    /// Everything else: connection, disk, syntax.
    #[error("database: {0}")]
    Other(#[source] sqlx::Error),
}

/// PostgreSQL: serialization failure, deadlock. SQLite: busy, busy snapshot.
const RETRY_CODES: [&str; 4] = ["40001", "40P01", "5", "517"];

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        let Some(reported) = error.as_database_error() else { return Self::Other(error) };
        match reported.kind() {
            ErrorKind::UniqueViolation => Self::Unique(error),
            ErrorKind::ForeignKeyViolation | ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
                Self::Constraint(error)
            }
            _ if reported.code().is_some_and(|code| RETRY_CODES.contains(&code.as_ref())) => {
                Self::Retry(error)
            }
            _ => Self::Other(error),
        }
    }
}

/// A word of a row that this program does not know.
impl From<UnknownWord> for DbError {
    fn from(word: UnknownWord) -> Self {
        Self::Corrupt(word.to_string())
    }
}
