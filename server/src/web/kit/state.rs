//! What every handler shares.

use std::sync::Arc;

use domain::clock::Clock;
use paper::DocumentKey;

use crate::db::Db;
use crate::ops::kit::Ops;
use crate::ops::people::passwords::Hasher;

/// How the server is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The public address begins with `https`: cookies are `Secure` and browsers are told to stay on https.
    pub https: bool,
    /// A proxy in front appends the client's address to `X-Forwarded-For`; without one the header is a stranger's word.
    pub behind_proxy: bool,
    /// Simulated meters: every page says so.
    pub demo: bool,
}

/// What every handler shares; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The books.
    pub db: Db,
    /// The site's time and the wall's.
    pub clock: Arc<dyn Clock>,
    /// What every write goes through.
    pub ops: Ops,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// How the server is reached.
    pub reach: Reach,
    /// Makes the codes by which papers are verified.
    pub documents: DocumentKey,
}

impl AppState {
    /// Around what every write goes through.
    #[must_use]
    pub fn new(ops: Ops, hasher: Hasher, reach: Reach, documents: DocumentKey) -> Self {
        Self { db: ops.db.clone(), clock: ops.clock.clone(), ops, hasher, reach, documents }
    }
}
