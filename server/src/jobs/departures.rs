//! Follows departures up as their meters close: credit to new rooms, runs of settlements, readings entered by hand.

use std::time::Duration;

use crate::ops::kit::Ops;
use crate::ops::moves::move_out::follow_up;

/// How often it looks. Nobody waits longer for what a meter has said.
const INTERVAL: Duration = Duration::from_secs(3);

/// Follows them up until it is stopped.
pub(super) async fn run(ops: Ops) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = follow_up(&ops).await {
            tracing::error!(%error, "following departures up");
        }
    }
}
