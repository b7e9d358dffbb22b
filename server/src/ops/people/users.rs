//! The people who sign in: the first administrator, more users, their passwords and languages.

use domain::actor::{Actor, Role};
use domain::clock::Clock;
use domain::ids::UserId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::passwords;
use super::passwords::{Hasher, Verdict, Weakness};
use super::sign_in::{self, new_token, token_hash};
use crate::db::{Db, DbError};
use crate::store::people::users::{self, NewUser};
use crate::store::people::{sessions, setup_links};

/// The link that creates the first administrator works this long.
pub const SETUP_MS: i64 = 24 * 3600 * 1000;

/// Why a user was not written.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The password is too weak.
    #[error("password: {0}")]
    Weak(#[from] Weakness),
    /// The password given as the current one is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Nobody could administer the installation any more.
    #[error("the last administrator")]
    LastAdministrator,
    /// The one-time link is used up or has expired.
    #[error("the link no longer works")]
    LinkSpent,
    /// Too many wrong passwords; how long to wait, in ms.
    #[error("too many attempts")]
    Throttled(i64),
    /// Anything else.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<DbError> for UserError {
    fn from(error: DbError) -> Self {
        Self::Op(error.into())
    }
}

impl crate::db::WriteError for UserError {
    fn asks_retry(&self) -> bool {
        matches!(self, Self::Op(error) if error.asks_retry())
    }
}

/// A user as a form describes them.
#[derive(Clone, Debug)]
pub struct UserForm {
    /// What they will type to sign in.
    pub name: String,
    /// What receipts show.
    pub display_name: String,
    /// In the clear; never stored or logged.
    pub password: String,
    /// What they may do.
    pub role: Role,
    /// The language of their pages.
    pub language: Option<String>,
}

/// Names are the same whatever their case.
#[must_use]
pub fn canonical(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Checks a form and hashes its password.
async fn prepare(clock: &dyn Clock, hasher: &Hasher, form: UserForm) -> Result<NewUser, UserError> {
    let name = OpError::text("name", &canonical(&form.name), 40)?;
    if !name.chars().all(|character| character.is_alphanumeric() || "._-@".contains(character)) {
        return Err(OpError::Invalid { field: "name", problem: Problem::Malformed }.into());
    }
    let display_name = OpError::text("display_name", &form.display_name, 80)?;
    passwords::check(&form.password, &name)?;
    let password_hash = hasher.hash(&form.password).await?;
    let (id, role) = (UserId::new(clock), form.role.as_str());
    Ok(NewUser { id, name, display_name, password_hash, role, language: form.language })
}

async fn add(conn: &mut AnyConnection, user: &NewUser, now_ms: i64) -> Result<(), OpError> {
    users::add(conn, user, now_ms).await.map_err(OpError::exists("user"))
}

/// Makes a new one-time link for the first administrator, in place of every earlier one: its token, or `None` when
/// there is a user already.
///
/// # Errors
/// The database's.
pub async fn new_setup_link(db: &Db, clock: &dyn Clock) -> Result<Option<String>, OpError> {
    let token = new_token()?;
    let context = (token_hash(&token), clock.wall_ms() + SETUP_MS);
    let made: bool = db
        .write(context, |(hash, expires_ms), conn| {
            async move {
                if users::any(conn).await? {
                    return Ok::<_, OpError>(false);
                }
                setup_links::replace(conn, hash, *expires_ms).await?;
                Ok(true)
            }
            .boxed()
        })
        .await?;
    Ok(made.then_some(token))
}

/// Whether the one-time link still works.
///
/// # Errors
/// The database's.
pub async fn setup_link_works(db: &Db, clock: &dyn Clock, token: &str) -> Result<bool, DbError> {
    setup_links::good(&mut *db.read().await?, &token_hash(token), clock.wall_ms()).await
}

/// Creates the first administrator by the one-time link and signs them in: the token of their session.
///
/// # Errors
/// [`UserError::LinkSpent`], [`UserError::Weak`], [`OpError::Invalid`] with field `name` or `display_name`.
pub async fn first_administrator(
    db: &Db,
    clock: &dyn Clock,
    hasher: &Hasher,
    link: &str,
    mut form: UserForm,
) -> Result<String, UserError> {
    if !setup_link_works(db, clock, link).await? {
        return Err(UserError::LinkSpent);
    }
    form.role = Role::Administrator;
    let user = prepare(clock, hasher, form).await?;
    let token = new_token()?;
    let context = (user, token_hash(link), token.clone(), clock.now_ms(), clock.wall_ms());
    db.write(context, |(user, link, token, now_ms, wall_ms), conn| {
        async move {
            if users::any(conn).await? || !setup_links::spend(conn, link, *wall_ms).await? {
                return Err(UserError::LinkSpent);
            }
            add(conn, user, *now_ms).await?;
            sign_in::begin_for(conn, token, &user.id, *wall_ms).await?;
            Ok(())
        }
        .boxed()
    })
    .await?;
    Ok(token)
}

/// Creates an administrator from the machine the server runs on, where whoever can do this owns the database anyway.
///
/// # Errors
/// [`UserError::Weak`], [`OpError::Exists`], [`OpError::Invalid`] with field `name` or `display_name`.
pub async fn create_administrator(
    db: &Db,
    clock: &dyn Clock,
    hasher: &Hasher,
    mut form: UserForm,
) -> Result<UserId, UserError> {
    form.role = Role::Administrator;
    let user = prepare(clock, hasher, form).await?;
    let id = user.id.clone();
    db.write((user, clock.now_ms()), |(user, now_ms), conn| add(conn, user, *now_ms).boxed()).await?;
    Ok(id)
}

/// What is recorded of a new user; the password leaves no trace, not even hashed.
#[derive(Serialize)]
struct Recorded<'a> {
    name: &'a str,
    display_name: &'a str,
    role: &'a str,
}

/// Adds a user.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::Exists`], [`UserError::Weak`], [`OpError::Invalid`]
/// with field `name` or `display_name`.
pub async fn create_user(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    hasher: &Hasher,
    key: &Key,
    form: UserForm,
) -> Result<Outcome, UserError> {
    require(actor, Action::ManageUsers)?;
    let user = prepare(clock, hasher, form).await?;
    let recorded = Recorded { name: &user.name, display_name: &user.display_name, role: user.role };
    let operation = Operation::new(clock, actor, "add-user", key, "users", &recorded)?;
    let done =
        operation.run(db, user, |operation, user, conn| add(conn, user, operation.at_ms).boxed()).await?;
    Ok(done)
}

/// Lets a user sign in, or keeps them from it; their sessions end.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`UserError::LastAdministrator`].
pub async fn set_disabled(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    id: &UserId,
    disabled: bool,
) -> Result<(), UserError> {
    require(actor, Action::ManageUsers)?;
    let verb = if disabled { "disable-user" } else { "enable-user" };
    let operation = Operation::new(clock, actor, verb, &Key::new(clock), id.as_str(), &disabled)?;
    let done = operation.run(db, (id.clone(), disabled), |_, (id, disabled), conn| {
        async move {
            let before = users::count_administrators_locked(conn).await?;
            if !users::set_disabled(conn, id, *disabled).await? {
                return Err(OpError::NotFound("user"));
            }
            if before > 0 && users::count_administrators_locked(conn).await? == 0 {
                return Err(OpError::OutOfRange { field: "administrators", min: 1, max: i64::MAX });
            }
            sessions::end_all_of(conn, id, None).await?;
            Ok(())
        }
        .boxed()
    });
    match done.await {
        Err(OpError::OutOfRange { field: "administrators", .. }) => Err(UserError::LastAdministrator),
        other => Ok(other.map(|_| ())?),
    }
}

/// Gives a user another password; their sessions end.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`UserError::Weak`].
pub async fn set_password(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    hasher: &Hasher,
    id: &UserId,
    password: &str,
) -> Result<(), UserError> {
    require(actor, Action::ManageUsers)?;
    replace_password(db, clock, actor, hasher, id, password, None).await
}

/// A change of one's own password.
#[derive(Clone, Copy)]
pub struct OwnPassword<'a> {
    /// What it is now.
    pub current: &'a str,
    /// What it shall be.
    pub new: &'a str,
    /// The session that goes on.
    pub session_token: &'a str,
}

/// Changes one's own password; one's other sessions end.
///
/// # Errors
/// [`UserError::WrongPassword`], [`UserError::Throttled`], [`UserError::Weak`].
pub async fn change_own_password(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    hasher: &Hasher,
    change: OwnPassword<'_>,
) -> Result<(), UserError> {
    let OwnPassword { current, new, session_token } = change;
    let stored = users::password_hash(&mut *db.read().await?, &actor.id()).await?;
    // A session left open on a desk shall not be a way to guess the password.
    let account = format!("own:{}", actor.id());
    if let Some(wait_ms) = sign_in::admit(db, clock, &account, &account).await? {
        return Err(UserError::Throttled(wait_ms));
    }
    if current.chars().count() > passwords::LONGEST || hasher.verify(current, stored).await? == Verdict::Wrong
    {
        sign_in::refuse(db, clock, account.clone(), account).await?;
        return Err(UserError::WrongPassword);
    }
    sign_in::forgive(db, account).await?;
    let keep = token_hash(session_token);
    replace_password(db, clock, actor, hasher, &actor.id(), new, Some(keep)).await
}

async fn replace_password(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    hasher: &Hasher,
    id: &UserId,
    password: &str,
    keep: Option<String>,
) -> Result<(), UserError> {
    let user = users::get(&mut *db.read().await?, id).await?.ok_or(OpError::NotFound("user"))?;
    passwords::check(password, &user.name)?;
    let hash = hasher.hash(password).await?;
    let operation = Operation::new(clock, actor, "set-password", &Key::new(clock), id.as_str(), &())?;
    operation
        .run(db, (id.clone(), hash, keep), |_, (id, hash, keep), conn| {
            async move {
                if !users::set_password_hash(conn, id, hash).await? {
                    return Err(OpError::NotFound("user"));
                }
                sessions::end_all_of(conn, id, keep.as_deref()).await?;
                Ok(())
            }
            .boxed()
        })
        .await?;
    Ok(())
}

/// Remembers the language of one's pages.
///
/// # Errors
/// The database's.
pub async fn set_language(db: &Db, actor: &Actor, language: &str) -> Result<(), DbError> {
    let context = (actor.id(), language.to_owned());
    db.write(context, |(id, language), conn| users::set_language(conn, id, language).boxed()).await
}
