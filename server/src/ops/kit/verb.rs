//! What somebody does, as a value: which right it takes, what makes it itself, and what it writes.

use domain::actor::Actor;
use domain::rights::Action;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::AnyConnection;

use super::{Key, Operation, Refused};

/// What a verb's transaction answers.
pub type Written<'c, R> = BoxFuture<'c, Result<(), Refused<R>>>;

/// A write that a person would have a word for. [`super::Ops::perform`] carries it out; what is serialised of it is what
/// makes a request itself, so the key is left out and everything that is asked for stays in.
pub trait Verb: Serialize + Send + Sync + 'static {
    /// As in the rows of the operations.
    const NAME: &'static str;
    /// Whether meters may have to hear of it.
    const WAKES: bool = true;
    /// Why it may be refused.
    type Refusal: Send + 'static;

    /// The right that it takes.
    fn right(&self) -> Action;

    /// Its idempotency key.
    fn key(&self) -> &Key;

    /// The thing whose history it belongs to: the id of a room, a meter, the site.
    fn subject(&self, by: &Actor) -> String;

    /// Brings what was typed into shape, before anything is looked up.
    ///
    /// # Errors
    /// What is wrong with it whatever stands in the database.
    fn tidy(&mut self) -> Result<(), Self::Refusal> {
        Ok(())
    }

    /// When it counts, site time: what is done shortly after midnight for the day that ended is of that day.
    fn booked_ms(&self, now_ms: i64) -> i64 {
        now_ms
    }

    /// Writes it, in the transaction that holds the operation's row. May run more than once; only the last run stays.
    fn write<'c>(
        &'c self,
        operation: &'c Operation,
        conn: &'c mut AnyConnection,
    ) -> Written<'c, Self::Refusal>;
}
