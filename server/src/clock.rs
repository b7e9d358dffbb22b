//! Time as a parameter: the site's clock for everything that is recorded, the wall clock for sign-in and leases.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The site's time, in milliseconds since 1970 UTC. In a demo it may run faster than life.
    fn now_ms(&self) -> i64;
    /// Real time, in milliseconds since 1970 UTC: what sessions, throttling and leases go by.
    fn wall_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        self.wall_ms()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// A clock that starts at a given time and runs `speed` times as fast as life: the demo's.
#[derive(Debug)]
pub struct ScaledClock {
    start_ms: i64,
    started: Instant,
    speed: u32,
}

impl ScaledClock {
    /// Starts now, at `start_ms`.
    #[must_use]
    pub fn start(start_ms: i64, speed: u32) -> Self {
        Self { start_ms, started: Instant::now(), speed }
    }
}

impl Clock for ScaledClock {
    fn now_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.start_ms.saturating_add(elapsed.saturating_mul(i64::from(self.speed)))
    }

    fn wall_ms(&self) -> i64 {
        SystemClock.wall_ms()
    }
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
