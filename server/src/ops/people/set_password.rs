//! Another password: for somebody else, by who administers users, or for oneself, by who knows the present one.

use domain::actor::Actor;
use domain::ids::UserId;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::passwords::{self, Hasher, Verdict, Weakness};
use super::sign_in::{self, token_hash};
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::people::{sessions, users};

/// Why the password stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordStays {
    /// There is no such user.
    #[error("no such user")]
    NoUser,
    /// The new one is too weak.
    #[error("password: {0}")]
    Weak(#[from] Weakness),
    /// The one given as the present one is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Too many wrong passwords.
    #[error("too many attempts")]
    Throttled {
        /// How long to wait, in ms.
        wait_ms: i64,
    },
}

refusals!(PasswordStays);

/// Another password for a user; their sessions end. It leaves no trace in the operation, not even hashed.
#[derive(Clone, Debug, Serialize)]
pub struct SetPassword {
    #[serde(skip)]
    key: Key,
    id: UserId,
    #[serde(skip)]
    hash: String,
}

impl SetPassword {
    /// Checks the password and hashes it.
    ///
    /// # Errors
    /// [`PasswordStays::NoUser`], [`PasswordStays::Weak`]; when it cannot be hashed.
    pub async fn prepare(
        ops: &Ops,
        hasher: &Hasher,
        key: Key,
        id: UserId,
        password: &str,
    ) -> Result<Self, Refused<PasswordStays>> {
        let hash = hashed(ops, hasher, &id, password).await?;
        Ok(Self { key, id, hash })
    }
}

/// Sets it.
impl Verb for SetPassword {
    const NAME: &'static str = "set-password";
    const WAKES: bool = false;
    type Refusal = PasswordStays;

    fn right(&self) -> Action {
        Action::ManageUsers
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, PasswordStays> {
        replace(conn, &self.id, &self.hash, None).boxed()
    }
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

/// Another password for whoever acts; their other sessions end.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeOwnPassword {
    #[serde(skip)]
    key: Key,
    #[serde(skip)]
    hash: String,
    #[serde(skip)]
    keep: String,
}

impl ChangeOwnPassword {
    /// Asks for the present password, checks the new one and hashes it.
    ///
    /// # Errors
    /// [`PasswordStays`]; when a password cannot be hashed.
    pub async fn prepare(
        ops: &Ops,
        hasher: &Hasher,
        key: Key,
        by: &Actor,
        change: OwnPassword<'_>,
    ) -> Result<Self, Refused<PasswordStays>> {
        prove(ops, hasher, by, change.current).await?;
        let hash = hashed(ops, hasher, &by.id(), change.new).await?;
        Ok(Self { key, hash, keep: token_hash(change.session_token) })
    }
}

/// Changes it.
impl Verb for ChangeOwnPassword {
    const NAME: &'static str = "change-own-password";
    const WAKES: bool = false;
    type Refusal = PasswordStays;

    fn right(&self) -> Action {
        Action::KeepAccount
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, by: &Actor) -> String {
        by.id().to_string()
    }

    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, PasswordStays> {
        let id = operation.by.id();
        async move { replace(conn, &id, &self.hash, Some(&self.keep)).await }.boxed()
    }
}

/// Whoever acts knows their password: a session left open on a desk shall not be a way to guess it.
async fn prove(ops: &Ops, hasher: &Hasher, by: &Actor, current: &str) -> Result<(), Refused<PasswordStays>> {
    let (db, clock) = (&ops.db, &*ops.clock);
    let stored = users::password_hash(&mut *db.read().await?, &by.id()).await?;
    let account = format!("own:{}", by.id());
    if let Some(wait_ms) = sign_in::admit(db, clock, &account, &account).await? {
        return Err(PasswordStays::Throttled { wait_ms }.into());
    }
    let too_long = current.chars().count() > passwords::LONGEST;
    if too_long || hasher.verify(current, stored).await? == Verdict::Wrong {
        sign_in::refuse(db, clock, account.clone(), account).await?;
        return Err(PasswordStays::WrongPassword.into());
    }
    Ok(sign_in::forgive(db, account).await?)
}

async fn hashed(
    ops: &Ops,
    hasher: &Hasher,
    id: &UserId,
    password: &str,
) -> Result<String, Refused<PasswordStays>> {
    let user = users::get(&mut *ops.db.read().await?, id).await?.ok_or(PasswordStays::NoUser)?;
    passwords::check(password, &user.name).map_err(PasswordStays::Weak)?;
    Ok(hasher.hash(password).await?)
}

async fn replace(
    conn: &mut AnyConnection,
    id: &UserId,
    hash: &str,
    keep: Option<&str>,
) -> Result<(), Refused<PasswordStays>> {
    if !users::set_password_hash(conn, id, hash).await? {
        return Err(PasswordStays::NoUser.into());
    }
    sessions::end_all_of(conn, id, keep).await?;
    Ok(())
}
