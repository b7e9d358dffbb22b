//! By whose mandate a job acts: looked up when it runs, never remembered. Whoever was disabled meanwhile, or works as
//! something else by now, lends no more than they have.

use domain::actor::{Actor, Schedule};
use domain::ids::UserId;

use crate::db::{Db, DbError};
use crate::store::people::users;

/// The house by its schedule: for what nobody asked for.
#[must_use]
pub const fn schedule(job: &'static str) -> Actor {
    Actor::Schedule(Schedule { job })
}

/// Whoever asked, as they are now; `None` when they may not sign in any more.
///
/// # Errors
/// The database's.
pub async fn of_user(db: &Db, user: &UserId) -> Result<Option<Actor>, DbError> {
    let user = users::get(&mut *db.read().await?, user).await?.filter(|user| user.disabled == 0);
    user.map(|user| Ok(Actor::Staff(user.staff()?))).transpose()
}
