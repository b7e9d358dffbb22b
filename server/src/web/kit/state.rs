//! What every handler shares.

use std::sync::Arc;

use domain::clock::Clock;
use paper::DocumentKey;

use crate::db::Db;
use crate::ops::people::passwords::Hasher;

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
    /// The field layer's ear.
    pub wake: Arc<dyn Wake>,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// How the server is reached.
    pub reach: Reach,
    /// Makes the codes by which papers are verified.
    pub documents: DocumentKey,
}

impl Wake for crate::field::Waker {
    fn wake(&self) {
        Self::wake(self);
    }
}
