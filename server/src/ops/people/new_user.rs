//! What makes a new user, whoever adds them: names in shape, a password worth having, hashed.

use domain::actor::Role;
use domain::clock::Clock;
use domain::ids::UserId;
use domain::text::{self, required};
use sqlx::AnyConnection;

use super::passwords::{self, Hasher, Weakness};
use crate::ops::kit::{Refused, refusals, taken};
use crate::store::people::users::{self, NewUser};

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

/// Why there is no new user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoUser {
    /// The name is missing, longer than 40 characters, or of other characters than letters, digits and `._-@`.
    #[error("not a name to sign in with")]
    Name,
    /// The name to be shown is missing, or longer than 80 characters.
    #[error("not a name to show")]
    DisplayName,
    /// The password is too weak.
    #[error("password: {0}")]
    Weak(#[from] Weakness),
    /// Another has the name.
    #[error("the name is taken")]
    Taken,
    /// The one-time link is used up or has expired.
    #[error("the link no longer works")]
    LinkSpent,
}

refusals!(NoUser);

/// Names are the same whatever their case and width.
#[must_use]
pub fn canonical(name: &str) -> String {
    text::folded(name)
}

/// Checks a form and hashes its password.
///
/// # Errors
/// What is wrong with it; when the password cannot be hashed.
pub(super) async fn prepare(
    clock: &dyn Clock,
    hasher: &Hasher,
    form: UserForm,
) -> Result<NewUser, Refused<NoUser>> {
    let name = required(&canonical(&form.name), 40).map_err(|_| NoUser::Name)?;
    if !name.chars().all(|character| character.is_alphanumeric() || "._-@".contains(character)) {
        return Err(NoUser::Name.into());
    }
    let display_name = required(&form.display_name, 80).map_err(|_| NoUser::DisplayName)?;
    passwords::check(&form.password, &name).map_err(NoUser::Weak)?;
    let password_hash = hasher.hash(&form.password).await?;
    let (id, role) = (UserId::new(clock), form.role.as_str());
    Ok(NewUser { id, name, display_name, password_hash, role, language: form.language })
}

/// Writes them.
///
/// # Errors
/// [`NoUser::Taken`]; the database's.
pub(super) async fn add(
    conn: &mut AnyConnection,
    user: &NewUser,
    now_ms: i64,
) -> Result<(), Refused<NoUser>> {
    users::add(conn, user, now_ms).await.map_err(taken(NoUser::Taken))
}
