//! Housekeeping that runs by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::db::Db;
use crate::ops::sign_in::forget_expired;

/// How often the house is swept.
const INTERVAL: Duration = Duration::from_secs(600);

/// Starts the housekeeping; abort the task to stop it.
#[must_use]
pub fn start(db: Db, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            match forget_expired(&db, &*clock).await {
                Ok(0) => {}
                Ok(rows) => tracing::debug!(rows, "forgot expired sessions and failed sign-ins"),
                Err(error) => tracing::error!(%error, "forgetting expired sessions"),
            }
        }
    })
}
