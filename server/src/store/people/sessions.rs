//! Who is signed in; only the hashes of the tokens are stored.

use domain::ids::UserId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A session with its user.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Its user.
    pub user_id: UserId,
    /// What receipts show.
    pub display_name: String,
    /// `administrator`, `manager`, `cashier`.
    pub role: String,
    /// The language of their pages, once chosen.
    pub language: Option<String>,
    /// When they signed in, wall time.
    pub created_ms: i64,
    /// When they were last noted as being there, wall time.
    pub seen_ms: i64,
}

/// Begins a session.
pub async fn add(
    conn: &mut AnyConnection,
    token_hash: &str,
    user: &UserId,
    wall_ms: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO sessions (token_hash, user_id, created_ms, seen_ms) VALUES ($1, $2, $3, $3)",
        token_hash,
        user.as_str(),
        wall_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The session of that token, of a user who may still sign in. Whether it has expired is for the caller to say.
pub async fn get(conn: &mut AnyConnection, token_hash: &str) -> Result<Option<Row>, DbError> {
    let row = sql_as!(
        Row,
        "SELECT s.user_id, u.display_name, u.role, u.language, s.created_ms, s.seen_ms
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND u.disabled = 0",
        token_hash,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Notes that the user is there.
pub async fn touch(conn: &mut AnyConnection, token_hash: &str, wall_ms: i64) -> Result<(), DbError> {
    sql!("UPDATE sessions SET seen_ms = $1 WHERE token_hash = $2", wall_ms, token_hash).execute(conn).await?;
    Ok(())
}

/// Ends one session.
pub async fn end(conn: &mut AnyConnection, token_hash: &str) -> Result<(), DbError> {
    sql!("DELETE FROM sessions WHERE token_hash = $1", token_hash).execute(conn).await?;
    Ok(())
}

/// Ends every session of a user but, if given, one.
pub async fn end_all_of(conn: &mut AnyConnection, user: &UserId, but: Option<&str>) -> Result<(), DbError> {
    sql!(
        "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2",
        user.as_str(),
        but.unwrap_or_default(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets sessions last seen, or begun, before these moments; how many.
pub async fn forget(
    conn: &mut AnyConnection,
    seen_before_ms: i64,
    begun_before_ms: i64,
) -> Result<u64, DbError> {
    let done =
        sql!("DELETE FROM sessions WHERE seen_ms < $1 OR created_ms < $2", seen_before_ms, begun_before_ms,)
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}
