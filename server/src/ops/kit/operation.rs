//! The frame of every write a person makes: an idempotency key, who, what, when.
//!
//! The same key with the same request is the same operation, answered again; with another request it is refused.
//! Keys are never pruned.

use std::str::FromStr;

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::OpError;
use super::error::Problem;
use crate::db::Db;
use crate::store::kit::operations;

/// An idempotency key: 8 to 64 characters of letters, digits, `-` and `_`, made when the form was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A fresh key for a form.
    #[must_use]
    pub fn new(clock: &dyn Clock) -> Self {
        Self(domain::ids::new_id(clock))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = OpError;

    fn from_str(text: &str) -> Result<Self, OpError> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if plain && (8..=64).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(OpError::Invalid { field: "key", problem: Problem::Malformed })
        }
    }
}

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The operation in the books.
    pub id: OperationId,
    /// Whether it stood there already: this request was a repeat.
    pub replayed: bool,
}

/// An operation about to be written; made once, however often its transaction runs.
#[derive(Clone, Debug)]
pub struct Operation {
    pub(crate) id: OperationId,
    pub(crate) at_ms: i64,
    key: Key,
    verb: &'static str,
    actor: Actor,
    request_hash: String,
    subject: String,
}

impl Operation {
    /// `request` is everything that makes this request itself; `subject` the thing whose history it belongs to.
    pub(crate) fn new(
        clock: &dyn Clock,
        actor: &Actor,
        verb: &'static str,
        key: &Key,
        subject: &str,
        request: &impl Serialize,
    ) -> Result<Self, OpError> {
        let request = serde_json::to_vec(request)
            .map_err(|_| OpError::Invalid { field: "request", problem: Problem::Malformed })?;
        let request_hash = Sha256::digest(&request).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            id: OperationId::new(clock),
            at_ms: clock.now_ms(),
            key: key.clone(),
            verb,
            actor: actor.clone(),
            request_hash,
            subject: subject.to_owned(),
        })
    }

    /// Books it at that moment, and not now: what is done shortly after midnight for the day that ended is of that day.
    pub(crate) fn booked_at(self, at_ms: i64) -> Self {
        Self { id: OperationId(domain::ids::id_at(at_ms)), at_ms, ..self }
    }

    /// Runs `body` on `context` in the operation's transaction, unless an earlier run of the same request did so:
    /// then its outcome is the answer.
    pub(crate) async fn run<C, F>(self, db: &Db, context: C, body: F) -> Result<Outcome, OpError>
    where
        C: Send + Sync + 'static,
        F: for<'c> Fn(&'c Self, &'c C, &'c mut AnyConnection) -> BoxFuture<'c, Result<(), OpError>>
            + Send
            + Sync
            + 'static,
    {
        db.write((self, context, body), |(operation, context, body), conn| {
            async move {
                if let Some(earlier) = operation.begin(conn).await? {
                    return Ok(earlier);
                }
                body(operation, context, conn).await?;
                Ok(Outcome { id: operation.id.clone(), replayed: false })
            }
            .boxed()
        })
        .await
    }

    /// Writes the operation's row. `Some` is the outcome of an earlier run of the same request: nothing more to do.
    async fn begin(&self, conn: &mut AnyConnection) -> Result<Option<Outcome>, OpError> {
        let row = operations::Row {
            id: self.id.clone(),
            idempotency_key: self.key.0.clone(),
            verb: self.verb.to_owned(),
            request_hash: self.request_hash.clone(),
            actor_kind: self.actor.kind().to_owned(),
            actor_id: self.actor.id().0,
            actor_name: self.actor.name().to_owned(),
            at_ms: self.at_ms,
            subject: self.subject.clone(),
        };
        if operations::insert(conn, &row).await? {
            return Ok(None);
        }
        let earlier = operations::by_key(conn, &self.key.0).await?.ok_or(OpError::KeyReused)?;
        let same = earlier.verb == self.verb
            && earlier.request_hash == self.request_hash
            && earlier.actor_id == self.actor.id().0;
        if same { Ok(Some(Outcome { id: earlier.id, replayed: true })) } else { Err(OpError::KeyReused) }
    }
}
