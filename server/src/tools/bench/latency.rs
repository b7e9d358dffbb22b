//! Latencies of many answers, and what they come to.

use std::time::Duration;

/// Latencies measured in one run.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    sorted: Vec<Duration>,
    elapsed: Duration,
}

impl Latencies {
    /// Those of a run that took `elapsed` in all.
    #[must_use]
    pub fn new(mut latencies: Vec<Duration>, elapsed: Duration) -> Self {
        latencies.sort_unstable();
        Self { sorted: latencies, elapsed }
    }

    /// Answers a second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn rate(&self) -> f64 {
        self.sorted.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency that `per_mille` of a thousand answers stay below, in milliseconds.
    #[must_use]
    pub fn at_ms(&self, per_mille: usize) -> f64 {
        let last = self.sorted.len().saturating_sub(1);
        let index = (self.sorted.len() * per_mille / 1000).min(last);
        self.sorted.get(index).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    }
}
