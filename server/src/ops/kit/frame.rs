//! The one frame of every write: right, key, transaction, audit row, and the wake of the field after the commit.

use std::sync::Arc;

use domain::actor::Actor;
use domain::clock::Clock;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use super::{Key, Operation, Outcome, Refused, Verb};
use crate::db::Db;

/// Tells the field layer that something is to be delivered.
pub trait Wake: Send + Sync {
    /// Returns at once; a call while one is pending is the same call.
    fn wake(&self);
}

impl Wake for tokio::sync::Notify {
    fn wake(&self) {
        self.notify_one();
    }
}

/// No field to be woken: where a database is furnished or measured without meters.
#[derive(Clone, Copy, Debug)]
pub struct NoField;

impl Wake for NoField {
    fn wake(&self) {}
}

/// What every write needs; cheap to clone.
#[derive(Clone)]
pub struct Ops {
    /// The books.
    pub db: Db,
    /// The site's time and the wall's.
    pub clock: Arc<dyn Clock>,
    wake: Arc<dyn Wake>,
}

impl Ops {
    /// Over a database, by a clock, with the field layer's ear.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, wake: Arc<dyn Wake>) -> Self {
        Self { db, clock, wake }
    }

    /// Has the field layer look at once, where nothing was decided and yet somebody waits.
    pub(in crate::ops) fn wake(&self) {
        self.wake.wake();
    }

    /// A fresh key, for a form or for something that is done once.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::new(&*self.clock)
    }

    /// Does it, unless an earlier request of the same key did so: then its outcome is the answer.
    ///
    /// # Errors
    /// [`Refused::Forbidden`] without the verb's right, [`Refused::KeyReused`], the verb's own refusals, the database's.
    /// Nothing is changed then.
    pub async fn perform<V: Verb>(&self, by: &Actor, mut verb: V) -> Result<Outcome, Refused<V::Refusal>> {
        if !by.may(verb.right()) {
            return Err(Refused::Forbidden);
        }
        verb.tidy().map_err(Refused::Because)?;
        let operation = Operation::begun(&*self.clock, by, V::NAME, verb.key(), verb.subject(by), &verb)?;
        let booked_ms = verb.booked_ms(operation.at_ms);
        let job = (operation.booked_at(booked_ms), verb);
        let outcome =
            self.db.write(job, |(operation, verb), conn| once(operation, verb, conn).boxed()).await?;
        if V::WAKES {
            self.wake();
        }
        Ok(outcome)
    }
}

/// Writes it unless it stands there already.
async fn once<V: Verb>(
    operation: &Operation,
    verb: &V,
    conn: &mut AnyConnection,
) -> Result<Outcome, Refused<V::Refusal>> {
    if let Some(earlier) = operation.begin(conn).await? {
        return Ok(earlier);
    }
    verb.write(operation, conn).await?;
    Ok(Outcome { id: operation.id.clone(), replayed: false })
}
