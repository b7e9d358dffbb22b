//! Kinds of meters: which there are, and which outlets each is made with.

use domain::meter_kind::CreditAt;
use sqlx::AnyConnection;

use crate::db::{DbError, sql_as};

/// Our own meter.
pub const OURS: &str = "wattwarden";

/// A kind of meter.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Kind {
    /// Its word, by which the field layer finds its driver.
    pub kind: String,
    /// Where the credit of its outlets is kept.
    #[sqlx(try_from = "String")]
    pub credit: CreditAt,
}

/// An outlet that a meter is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KindOutlet {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// Its phases: 1 or 3.
    pub phases: i64,
}

/// Every kind: our own first.
pub async fn all(conn: &mut AnyConnection) -> Result<Vec<Kind>, DbError> {
    let rows = sql_as!(
        Kind,
        "SELECT kind, credit FROM meter_kinds ORDER BY CASE WHEN kind = $1 THEN 0 ELSE 1 END, kind",
        OURS,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The outlets of a kind, in order; none of a kind that nobody knows.
pub async fn outlets(conn: &mut AnyConnection, kind: &str) -> Result<Vec<KindOutlet>, DbError> {
    let rows = sql_as!(
        KindOutlet,
        "SELECT position, phases FROM meter_kind_outlets WHERE kind = $1 ORDER BY position",
        kind,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
