//! Shifts at the cash desk.

use domain::ids::{OperationId, ShiftId, UserId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A shift.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shift {
    /// Its id.
    pub id: ShiftId,
    /// Its number, in the order of opening, without gaps.
    pub number: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// When it was opened, site time.
    pub opened_ms: i64,
    /// What was put into the drawer for change, in minor units.
    pub float_minor: i64,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// What the books expected in the drawer then, in minor units.
    pub expected_minor: Option<i64>,
    /// What was counted, in minor units.
    pub counted_minor: Option<i64>,
    /// What of it stays in the drawer for the next shift, in minor units.
    pub next_float_minor: i64,
    /// Who closed it.
    pub closed_by_name: Option<String>,
    /// What was noted at closing.
    pub note: String,
}

impl Shift {
    /// Counted less expected, in minor units, once it is closed: below zero, money is missing.
    #[must_use]
    pub fn difference_minor(&self) -> Option<i64> {
        Some(self.counted_minor? - self.expected_minor?)
    }

    /// What of the count goes to the safe, in minor units.
    #[must_use]
    pub fn to_safe_minor(&self) -> i64 {
        self.counted_minor.unwrap_or(0) - self.next_float_minor
    }
}

/// A shift as the transaction that holds it sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Held {
    /// Its id.
    pub id: ShiftId,
    /// Whose it is.
    pub user_id: UserId,
    /// When it was closed.
    pub closed_ms: Option<i64>,
}

/// Which shifts a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this person's.
    pub user_id: Option<UserId>,
    /// Opened, or still open, at or after this.
    pub from_ms: Option<i64>,
    /// Opened before this.
    pub to_ms: Option<i64>,
}

/// Opens a shift with the next number; `false` when the person has one open, or somebody else just took the number.
pub async fn open(
    conn: &mut AnyConnection,
    id: &ShiftId,
    user: &UserId,
    float_minor: i64,
    now_ms: i64,
) -> Result<bool, DbError> {
    let done = sql!(
        "INSERT INTO shifts (id, number, user_id, opened_ms, float_minor)
         SELECT $1, 1 + COALESCE(MAX(number), 0), $2, $3, $4 FROM shifts WHERE 1 = 1
         ON CONFLICT DO NOTHING",
        id.as_str(),
        user.as_str(),
        now_ms,
        float_minor,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

macro_rules! shift_where {
    ($rest:literal) => {
        concat!(
            "SELECT f.id, f.number, f.user_id, u.display_name AS user_name, f.opened_ms, f.float_minor, f.closed_ms,
                    f.expected_minor, f.counted_minor, f.next_float_minor, c.display_name AS closed_by_name, f.note
             FROM shifts f JOIN users u ON u.id = f.user_id LEFT JOIN users c ON c.id = f.closed_by ",
            $rest
        )
    };
}

/// One shift.
pub async fn get(conn: &mut AnyConnection, id: &ShiftId) -> Result<Option<Shift>, DbError> {
    Ok(sql_as!(Shift, shift_where!("WHERE f.id = $1"), id.as_str()).fetch_optional(conn).await?)
}

/// The shift that a person has open.
pub async fn open_of(conn: &mut AnyConnection, user: &UserId) -> Result<Option<Shift>, DbError> {
    let row = sql_as!(Shift, shift_where!("WHERE f.user_id = $1 AND f.closed_ms IS NULL"), user.as_str());
    Ok(row.fetch_optional(conn).await?)
}

/// The newest shifts that a filter lets through.
pub async fn list(conn: &mut AnyConnection, filter: &Filter, limit: i64) -> Result<Vec<Shift>, DbError> {
    Ok(sql_as!(
        Shift,
        shift_where!(
            "WHERE (CAST($1 AS TEXT) IS NULL OR f.user_id = $1)
               AND (CAST($2 AS BIGINT) IS NULL OR f.opened_ms >= $2 OR f.closed_ms IS NULL OR f.closed_ms >= $2)
               AND (CAST($3 AS BIGINT) IS NULL OR f.opened_ms < $3)
             ORDER BY f.number DESC LIMIT $4"
        ),
        filter.user_id.as_ref().map(UserId::as_str),
        filter.from_ms,
        filter.to_ms,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// The people who ever opened a shift, by name.
pub async fn people(conn: &mut AnyConnection) -> Result<Vec<(UserId, String)>, DbError> {
    let rows = sql_as!(
        (UserId, String),
        "SELECT u.id, u.display_name FROM users u WHERE EXISTS (SELECT 1 FROM shifts f WHERE f.user_id = u.id)
         ORDER BY u.display_name, u.id",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// What the person's last count left in the drawer, in minor units; `None` before the first.
pub async fn last_float_minor(conn: &mut AnyConnection, user: &UserId) -> Result<Option<i64>, DbError> {
    let row = sql_as!(
        (i64,),
        "SELECT next_float_minor FROM shifts WHERE user_id = $1 AND closed_ms IS NOT NULL
         ORDER BY number DESC LIMIT 1",
        user.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(float,)| float))
}

/// Holds a shift until the transaction ends: nothing else goes into its drawer or out of it meanwhile.
pub async fn hold(conn: &mut AnyConnection, id: &ShiftId) -> Result<Option<Held>, DbError> {
    let row = sql_as!(
        Held,
        "UPDATE shifts SET note = note WHERE id = $1 RETURNING id, user_id, closed_ms",
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// As [`hold`], the shift that a person has open: for whoever pays out of a drawer or into it, but for a sale, which has
/// its own shorter way.
pub async fn hold_open_of(conn: &mut AnyConnection, user: &UserId) -> Result<Option<ShiftId>, DbError> {
    let row = sql_as!(
        (ShiftId,),
        "UPDATE shifts SET note = note WHERE user_id = $1 AND closed_ms IS NULL RETURNING id",
        user.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// How a shift was closed.
#[derive(Clone, Debug)]
pub struct Closing<'a> {
    /// The operation that closes it.
    pub operation_id: &'a OperationId,
    /// Who closes it.
    pub closed_by: &'a UserId,
    /// When, site time.
    pub closed_ms: i64,
    /// What the books expect in the drawer, in minor units.
    pub expected_minor: i64,
    /// What was counted, in minor units.
    pub counted_minor: i64,
    /// What of it stays in the drawer, in minor units.
    pub next_float_minor: i64,
    /// For the next reader.
    pub note: &'a str,
}

/// Closes a shift.
pub async fn close(conn: &mut AnyConnection, id: &ShiftId, closing: &Closing<'_>) -> Result<(), DbError> {
    sql!(
        "UPDATE shifts SET close_operation_id = $2, closed_by = $3, closed_ms = $4, expected_minor = $5,
                           counted_minor = $6, next_float_minor = $7, note = $8
         WHERE id = $1",
        id.as_str(),
        closing.operation_id.as_str(),
        closing.closed_by.as_str(),
        closing.closed_ms,
        closing.expected_minor,
        closing.counted_minor,
        closing.next_float_minor,
        closing.note,
    )
    .execute(conn)
    .await?;
    Ok(())
}
