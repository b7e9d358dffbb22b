//! The clocks of a process: the machine's, and the demo's that may run faster.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use domain::clock::Clock;

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
