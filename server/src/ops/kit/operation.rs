//! Operations: the idempotency key and the audit row of every write.
//!
//! The same key with the same request is the same operation, answered again; with another request it is refused.
//! Keys are never pruned.

use std::str::FromStr;

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::Refused;
use crate::db::DbError;
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

/// A text that no form of ours sends as its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an idempotency key")]
pub struct NotAKey;

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if plain && (8..=64).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(NotAKey) }
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
    /// Its id, which is that of what it writes, too.
    pub id: OperationId,
    /// When it counts, site time.
    pub at_ms: i64,
    /// Who acts.
    pub by: Actor,
    key: Key,
    verb: &'static str,
    request_hash: String,
    subject: String,
}

impl Operation {
    /// `request` is everything that makes this request itself; `subject` the thing whose history it belongs to.
    pub(super) fn begun(
        clock: &dyn Clock,
        by: &Actor,
        verb: &'static str,
        key: &Key,
        subject: String,
        request: &impl Serialize,
    ) -> Result<Self, DbError> {
        let request = serde_json::to_vec(request)
            .map_err(|error| DbError::Corrupt(format!("{verb} cannot be serialised: {error}")))?;
        let request_hash = Sha256::digest(&request).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            id: OperationId::new(clock),
            at_ms: clock.now_ms(),
            by: by.clone(),
            key: key.clone(),
            verb,
            request_hash,
            subject,
        })
    }

    /// Books it at that moment, and not now.
    pub(crate) fn booked_at(self, at_ms: i64) -> Self {
        if at_ms == self.at_ms {
            return self;
        }
        Self { id: OperationId(domain::ids::id_at(at_ms)), at_ms, ..self }
    }

    /// A fresh id for something that it writes.
    #[must_use]
    pub fn new_id(&self) -> String {
        domain::ids::id_at(self.at_ms)
    }

    /// Writes the operation's row. `Some` is the outcome of an earlier run of the same request: nothing more to do.
    pub(super) async fn begin<R>(&self, conn: &mut AnyConnection) -> Result<Option<Outcome>, Refused<R>> {
        let actor_id = self.by.id();
        let row = operations::Row {
            id: self.id.clone(),
            idempotency_key: self.key.0.clone(),
            verb: self.verb.to_owned(),
            request_hash: self.request_hash.clone(),
            actor_kind: self.by.kind().to_owned(),
            actor_id: actor_id.0.clone(),
            actor_name: self.by.name().to_owned(),
            at_ms: self.at_ms,
            subject: self.subject.clone(),
        };
        if operations::insert(conn, &row).await? {
            return Ok(None);
        }
        let earlier = operations::by_key(conn, &self.key.0).await?.ok_or(Refused::KeyReused)?;
        let same = earlier.verb == self.verb
            && earlier.request_hash == self.request_hash
            && earlier.actor_id == actor_id.0;
        if same { Ok(Some(Outcome { id: earlier.id, replayed: true })) } else { Err(Refused::KeyReused) }
    }
}
