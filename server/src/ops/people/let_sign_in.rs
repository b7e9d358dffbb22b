//! Keeping a user from signing in, and letting them again.

use domain::actor::Actor;
use domain::ids::UserId;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::people::{sessions, users};

/// A user to be kept from signing in; their sessions end.
#[derive(Clone, Debug, Serialize)]
pub struct DisableUser {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Who.
    pub id: UserId,
}

/// A user to be let in again.
#[derive(Clone, Debug, Serialize)]
pub struct EnableUser {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Who.
    pub id: UserId,
}

/// Why they may sign in as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSwitched {
    /// There is no such user.
    #[error("no such user")]
    NoUser,
    /// Nobody could administer the installation any more.
    #[error("the last administrator")]
    LastAdministrator,
}

refusals!(NotSwitched);

/// Disables them.
impl Verb for DisableUser {
    const NAME: &'static str = "disable-user";
    const WAKES: bool = false;
    type Refusal = NotSwitched;

    fn right(&self) -> Action {
        Action::ManageUsers
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotSwitched> {
        switch(conn, &self.id, true).boxed()
    }
}

/// Enables them.
impl Verb for EnableUser {
    const NAME: &'static str = "enable-user";
    const WAKES: bool = false;
    type Refusal = NotSwitched;

    fn right(&self) -> Action {
        Action::ManageUsers
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotSwitched> {
        switch(conn, &self.id, false).boxed()
    }
}

async fn switch(conn: &mut AnyConnection, id: &UserId, disabled: bool) -> Result<(), Refused<NotSwitched>> {
    let before = users::count_administrators_locked(conn).await?;
    if !users::set_disabled(conn, id, disabled).await? {
        return Err(NotSwitched::NoUser.into());
    }
    if before > 0 && users::count_administrators_locked(conn).await? == 0 {
        return Err(NotSwitched::LastAdministrator.into());
    }
    sessions::end_all_of(conn, id, None).await?;
    Ok(())
}
