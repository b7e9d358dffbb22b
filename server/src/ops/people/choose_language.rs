//! The language of one's pages. No decision, so no audit row.

use domain::actor::Actor;
use futures_util::FutureExt;

use crate::db::{Db, DbError};
use crate::store::people::users;

/// Remembers it.
///
/// # Errors
/// The database's.
pub async fn choose_language(db: &Db, actor: &Actor, language: &str) -> Result<(), DbError> {
    let context = (actor.id(), language.to_owned());
    db.write(context, |(id, language), conn| users::set_language(conn, id, language).boxed()).await
}
