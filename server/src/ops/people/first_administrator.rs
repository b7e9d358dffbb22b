//! The first administrator, whom nobody could add: by a one-time link, or from the machine that the server runs on.

use domain::actor::Role;
use domain::clock::Clock;
use domain::ids::UserId;
use futures_util::FutureExt;

use super::new_user::{NoUser, UserForm, add, prepare};
use super::passwords::Hasher;
use super::sign_in::{self, new_token, token_hash};
use crate::db::{Db, DbError};
use crate::ops::kit::Refused;
use crate::store::people::{setup_links, users};

/// The link that creates the first administrator works this long.
pub const SETUP_MS: i64 = 24 * 3600 * 1000;

/// Makes a new one-time link for the first administrator, in place of every earlier one: its token, or `None` when
/// there is a user already.
///
/// # Errors
/// The database's.
pub async fn new_setup_link(db: &Db, clock: &dyn Clock) -> Result<Option<String>, DbError> {
    let token = new_token()?;
    let context = (token_hash(&token), clock.wall_ms() + SETUP_MS);
    let made: bool = db
        .write(context, |(hash, expires_ms), conn| {
            async move {
                if users::any(conn).await? {
                    return Ok::<_, DbError>(false);
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
/// [`NoUser::LinkSpent`], or what is wrong with the form.
pub async fn first_administrator(
    db: &Db,
    clock: &dyn Clock,
    hasher: &Hasher,
    link: &str,
    mut form: UserForm,
) -> Result<String, Refused<NoUser>> {
    if !setup_link_works(db, clock, link).await? {
        return Err(NoUser::LinkSpent.into());
    }
    form.role = Role::Administrator;
    let user = prepare(clock, hasher, form).await?;
    let token = new_token()?;
    let context = (user, token_hash(link), token.clone(), clock.now_ms(), clock.wall_ms());
    db.write(context, |(user, link, token, now_ms, wall_ms), conn| {
        async move {
            if users::any(conn).await? || !setup_links::spend(conn, link, *wall_ms).await? {
                return Err(Refused::Because(NoUser::LinkSpent));
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
/// What is wrong with the form; the database's.
pub async fn create_administrator(
    db: &Db,
    clock: &dyn Clock,
    hasher: &Hasher,
    mut form: UserForm,
) -> Result<UserId, Refused<NoUser>> {
    form.role = Role::Administrator;
    let user = prepare(clock, hasher, form).await?;
    let id = user.id.clone();
    db.write((user, clock.now_ms()), |(user, now_ms), conn| add(conn, user, *now_ms).boxed()).await?;
    Ok(id)
}
