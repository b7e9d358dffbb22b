//! Free electricity by itself: runs that are due or were asked for, newcomers, and what lapses.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::Db;
use crate::ops::allowances::tick;

/// How often it looks. A person who starts a run waits that long at most for it to begin.
const INTERVAL: Duration = Duration::from_secs(2);

/// Brings free electricity up to date until it is stopped. Every server may do so: they take turns batch by batch.
pub(super) async fn run(db: Db, clock: Arc<dyn Clock>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = tick(&db, &*clock).await {
            tracing::error!(%error, "granting free electricity");
        }
    }
}
