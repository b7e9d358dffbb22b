//! Adding somebody who may sign in.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::new_user::{NoUser, UserForm, add, prepare};
use super::passwords::Hasher;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written};
use crate::store::people::users::NewUser;

/// A user to be added; the password leaves no trace in the operation, not even hashed.
#[derive(Clone, Debug, Serialize)]
pub struct AddUser {
    #[serde(skip)]
    key: Key,
    name: String,
    display_name: String,
    role: &'static str,
    #[serde(skip)]
    user: NewUser,
}

impl AddUser {
    /// Checks a form and hashes its password.
    ///
    /// # Errors
    /// What is wrong with the form; when the password cannot be hashed.
    pub async fn prepare(
        clock: &dyn Clock,
        hasher: &Hasher,
        key: Key,
        form: UserForm,
    ) -> Result<Self, Refused<NoUser>> {
        let user = prepare(clock, hasher, form).await?;
        let (name, display_name, role) = (user.name.clone(), user.display_name.clone(), user.role);
        Ok(Self { key, name, display_name, role, user })
    }
}

/// Adds them.
impl Verb for AddUser {
    const NAME: &'static str = "add-user";
    const WAKES: bool = false;
    type Refusal = NoUser;

    fn right(&self) -> Action {
        Action::ManageUsers
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "users".to_owned()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoUser> {
        add(conn, &self.user, operation.at_ms).boxed()
    }
}
