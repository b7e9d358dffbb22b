//! The people who sign in, and the one-time link that creates the first of them.

use domain::UnknownWord;
use domain::actor::Staff;
use domain::ids::UserId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// A user as a list shows them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they type to sign in; lower case.
    pub name: String,
    /// What receipts show.
    pub display_name: String,
    /// The word of a [`domain::actor::Role`].
    pub role: String,
    /// The language of their pages, once chosen.
    pub language: Option<String>,
    /// 1 when they may not sign in.
    pub disabled: i64,
}

impl User {
    /// As they act.
    ///
    /// # Errors
    /// A role that this version does not know.
    pub fn staff(self) -> Result<Staff, UnknownWord> {
        Ok(Staff { role: self.role.parse()?, user_id: self.id, display_name: self.display_name })
    }
}

/// What a sign-in is checked against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    /// Their id.
    pub id: UserId,
    /// The PHC string of their password.
    pub password_hash: String,
    /// 1 when they may not sign in.
    pub disabled: i64,
}

/// A user to be written.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Their id.
    pub id: UserId,
    /// What they type to sign in; lower case.
    pub name: String,
    /// What receipts show.
    pub display_name: String,
    /// The PHC string of their password.
    pub password_hash: String,
    /// The word of a [`domain::actor::Role`].
    pub role: &'static str,
    /// The language of their pages.
    pub language: Option<String>,
}

/// Every user, by name.
pub async fn all(conn: &mut AnyConnection) -> Result<Vec<User>, DbError> {
    let rows =
        sql_as!(User, "SELECT id, name, display_name, role, language, disabled FROM users ORDER BY name")
            .fetch_all(conn)
            .await?;
    Ok(rows)
}

/// One user.
pub async fn get(conn: &mut AnyConnection, id: &UserId) -> Result<Option<User>, DbError> {
    let row = sql_as!(
        User,
        "SELECT id, name, display_name, role, language, disabled FROM users WHERE id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// What a sign-in under this name is checked against.
pub async fn credentials(conn: &mut AnyConnection, name: &str) -> Result<Option<Credentials>, DbError> {
    let row = sql_as!(Credentials, "SELECT id, password_hash, disabled FROM users WHERE name = $1", name)
        .fetch_optional(conn)
        .await?;
    Ok(row)
}

/// What this user's password is checked against.
pub async fn password_hash(conn: &mut AnyConnection, id: &UserId) -> Result<Option<String>, DbError> {
    let row = sql_as!((String,), "SELECT password_hash FROM users WHERE id = $1", id.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(hash,)| hash))
}

/// Adds a user.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn add(conn: &mut AnyConnection, user: &NewUser, now_ms: i64) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO users (id, name, display_name, password_hash, role, language, disabled, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        user.id.as_str(),
        user.name.as_str(),
        user.display_name.as_str(),
        user.password_hash.as_str(),
        user.role,
        user.language.as_deref(),
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces a password hash; `false` when there is no such user.
pub async fn set_password_hash(conn: &mut AnyConnection, id: &UserId, hash: &str) -> Result<bool, DbError> {
    let done =
        sql!("UPDATE users SET password_hash = $1 WHERE id = $2", hash, id.as_str()).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers the language of a user's pages.
pub async fn set_language(conn: &mut AnyConnection, id: &UserId, language: &str) -> Result<(), DbError> {
    sql!("UPDATE users SET language = $1 WHERE id = $2", language, id.as_str()).execute(conn).await?;
    Ok(())
}

/// Lets a user sign in or not; `false` when there is no such user.
pub async fn set_disabled(conn: &mut AnyConnection, id: &UserId, disabled: bool) -> Result<bool, DbError> {
    let done = sql!("UPDATE users SET disabled = $1 WHERE id = $2", i64::from(disabled), id.as_str())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks the administrators against a change by another transaction, and counts those who may sign in.
pub async fn count_administrators_locked(conn: &mut AnyConnection) -> Result<usize, DbError> {
    let rows = sql_as!(
        (String,),
        "UPDATE users SET disabled = disabled WHERE role = 'administrator' AND disabled = 0 RETURNING id",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.len())
}

/// Whether there is any user.
pub async fn any(conn: &mut AnyConnection) -> Result<bool, DbError> {
    Ok(sql_as!((String,), "SELECT id FROM users LIMIT 1").fetch_optional(conn).await?.is_some())
}
