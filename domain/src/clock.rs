//! Time as a parameter: the site's clock for everything that is recorded, the wall clock for sign-in and leases.

use std::sync::atomic::{AtomicI64, Ordering};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The site's time, in milliseconds since 1970 UTC. In a demo it may run faster than life.
    fn now_ms(&self) -> i64;
    /// Real time, in milliseconds since 1970 UTC: what sessions, throttling and leases go by.
    fn wall_ms(&self) -> i64;
}

/// A clock that moves only when told to: for tests, and for living through a past quickly.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at `now_ms`.
    #[must_use]
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves on.
    pub fn advance(&self, by_ms: i64) {
        self.0.fetch_add(by_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn wall_ms(&self) -> i64 {
        self.now_ms()
    }
}
