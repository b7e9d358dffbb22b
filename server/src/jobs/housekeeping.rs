//! Sweeps the house: expired sessions, old failed sign-ins, runs of jobs that came to their end long ago.

use std::time::Duration;

use crate::ops::kit::Ops;
use crate::ops::kit::job_run::forget_old;
use crate::ops::people::sign_in::forget_expired;

/// How often the house is swept.
const INTERVAL: Duration = Duration::from_secs(600);

/// Sweeps until it is stopped.
pub(super) async fn run(ops: Ops) {
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        match forget_expired(&ops.db, &*ops.clock).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot expired sessions and failed sign-ins"),
            Err(error) => tracing::error!(%error, "forgetting expired sessions"),
        }
        match forget_old(&ops.db, &*ops.clock).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "forgot old runs of jobs"),
            Err(error) => tracing::error!(%error, "forgetting old runs of jobs"),
        }
    }
}
