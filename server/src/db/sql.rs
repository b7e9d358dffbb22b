//! Statements whose bind count is checked while compiling.
//!
//! A forgotten bind is NULL without a word on SQLite, and a superfluous one is ignored on both engines.
//!
//! Running one gives a boxed future. Every page and operation awaits dozens of them, one inside the other; were they
//! the library's own unnamed futures, the compiler would prove for each handler anew that all of them may cross threads,
//! which took longer than all else together. Beside what a statement costs, the box is nothing.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow};
use sqlx::query::{Query, QueryAs};
use sqlx::{Any, AnyConnection, FromRow};

/// A statement run for its effect: what `sql!` makes.
pub struct Command<'q>(pub(crate) Query<'q, Any, AnyArguments>);

impl<'q> Command<'q> {
    /// Runs it.
    pub fn execute<'f>(self, conn: &'f mut AnyConnection) -> BoxFuture<'f, sqlx::Result<AnyQueryResult>>
    where
        'q: 'f,
    {
        self.0.execute(conn).boxed()
    }
}

/// A statement run for its rows: what `sql_as!` makes.
pub struct Select<'q, R>(pub(crate) QueryAs<'q, Any, R, AnyArguments>);

impl<'q, R: for<'r> FromRow<'r, AnyRow> + Send + Unpin + 'static> Select<'q, R> {
    /// All rows.
    pub fn fetch_all<'f>(self, conn: &'f mut AnyConnection) -> BoxFuture<'f, sqlx::Result<Vec<R>>>
    where
        'q: 'f,
    {
        self.0.fetch_all(conn).boxed()
    }

    /// The row, if there is one.
    pub fn fetch_optional<'f>(self, conn: &'f mut AnyConnection) -> BoxFuture<'f, sqlx::Result<Option<R>>>
    where
        'q: 'f,
    {
        self.0.fetch_optional(conn).boxed()
    }

    /// The one row that there always is.
    pub fn fetch_one<'f>(self, conn: &'f mut AnyConnection) -> BoxFuture<'f, sqlx::Result<R>>
    where
        'q: 'f,
    {
        self.0.fetch_one(conn).boxed()
    }
}

/// The highest `$n` in a statement.
#[must_use]
pub const fn placeholders(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut highest) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'$' {
            let mut number = 0;
            while at + 1 < bytes.len() && bytes[at + 1].is_ascii_digit() {
                number = number * 10 + (bytes[at + 1] - b'0') as usize;
                at += 1;
            }
            if number > highest {
                highest = number;
            }
        }
        at += 1;
    }
    highest
}

/// `sql!("INSERT … VALUES ($1, $2)", a, b)`: a query of either engine with exactly as many binds as placeholders.
macro_rules! sql {
    ($text:expr $(, $bind:expr)* $(,)?) => {{
        const TEXT: &str = $text;
        const { assert!($crate::db::placeholders(TEXT) == 0 $(+ { let _ = stringify!($bind); 1 })*, "binds and placeholders differ") };
        $crate::db::Command(sqlx::query::<sqlx::Any>(TEXT)$(.bind($bind))*)
    }};
}

/// As [`sql!`], for rows that become `Row` (a tuple or a `FromRow` struct): `sql_as!(Row, "SELECT …", a)`.
macro_rules! sql_as {
    ($row:ty, $text:expr $(, $bind:expr)* $(,)?) => {{
        const TEXT: &str = $text;
        const { assert!($crate::db::placeholders(TEXT) == 0 $(+ { let _ = stringify!($bind); 1 })*, "binds and placeholders differ") };
        $crate::db::Select(sqlx::query_as::<sqlx::Any, $row>(TEXT)$(.bind($bind))*)
    }};
}

pub(crate) use {sql, sql_as};

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn the_highest_placeholder_counts_whatever_the_order() {
        assert_eq!(placeholders("SELECT 1"), 0);
        assert_eq!(placeholders("SELECT $2, $1, $1"), 2);
        assert_eq!(placeholders("VALUES ($9, $10)"), 10);
    }
}
