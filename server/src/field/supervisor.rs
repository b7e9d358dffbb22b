//! Keeps one driver running for each collector whose lease this process holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::CollectorId;
use fastrand::Rng;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info};

use super::actor::Actor;
use super::config::FieldConfig;
use super::shared::Shared;
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::Line;

/// A driver at work; ends with this value.
struct Driver {
    line: Line,
    task: JoinHandle<()>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The drivers and the leases they go by.
pub(super) struct Supervisor {
    shared: Arc<Shared>,
    config: Arc<FieldConfig>,
    wake: watch::Receiver<()>,
    drivers: BTreeMap<CollectorId, Driver>,
    leased_until: Instant,
    rng: Rng,
}

impl Supervisor {
    pub(super) fn new(shared: Arc<Shared>, config: Arc<FieldConfig>, wake: watch::Receiver<()>) -> Self {
        let rng = Rng::with_seed(config.seed);
        Self { shared, config, wake, drivers: BTreeMap::new(), leased_until: Instant::now(), rng }
    }

    /// Runs until `stop` is sent or dropped; then no driver is left and the leases are given up.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        loop {
            self.supervise().await;
            tokio::select! {
                _ = &mut stop => break,
                () = sleep(self.config.rescan_interval) => {}
                Ok(()) = self.wake.changed() => {}
            }
        }
        self.stop_all().await;
        if let Err(cause) = self.release().await {
            error!(%cause, "the collectors' leases could not be given up; they will expire");
        }
    }

    /// Renews the leases and has the right drivers running; none once the leases may run out before the next time.
    async fn supervise(&mut self) {
        let asked = Instant::now();
        let FieldConfig { lease, rescan_interval, .. } = *self.config;
        let patience = lease / 3;
        match timeout(patience, self.claim()).await {
            Ok(Ok(lines)) => {
                self.leased_until = asked + lease;
                self.drive(lines);
            }
            Ok(Err(cause)) => error!(%cause, "the collectors could not be looked up"),
            Err(_) => error!("the database does not answer"),
        }
        if Instant::now() + rescan_interval + patience >= self.leased_until {
            self.stop_all().await;
        }
    }

    async fn stop_all(&mut self) {
        for (_, mut driver) in std::mem::take(&mut self.drivers) {
            driver.task.abort();
            // It ends with "cancelled", which is what was asked.
            let _ = (&mut driver.task).await;
        }
    }

    async fn claim(&self) -> Result<Vec<Line>, DbError> {
        let now_ms = self.shared.clock.wall_ms();
        let lease_ms = i64::try_from(self.config.lease.as_millis()).unwrap_or(i64::MAX);
        let context = (self.config.holder.clone(), now_ms, now_ms.saturating_add(lease_ms));
        self.shared
            .db
            .write(context, |(holder, now_ms, until_ms), conn| {
                Box::pin(store::claim(conn, holder, *now_ms, *until_ms))
            })
            .await
    }

    async fn release(&self) -> Result<(), DbError> {
        let holder = self.config.holder.clone();
        self.shared.db.write(holder, |holder, conn| Box::pin(store::release(conn, holder))).await
    }

    /// Has exactly one driver for each of these lines; one whose collector was changed begins anew.
    fn drive(&mut self, lines: Vec<Line>) {
        let mut running = std::mem::take(&mut self.drivers);
        for line in lines {
            let same =
                running.remove(&line.id).filter(|driver| driver.line == line && !driver.task.is_finished());
            if let Some(driver) = same.or_else(|| self.start(line)) {
                self.drivers.insert(driver.line.id.clone(), driver);
            }
        }
        for driver in running.values() {
            info!(collector = driver.line.name, "collector is no longer driven from here");
        }
    }

    fn start(&mut self, line: Line) -> Option<Driver> {
        match Actor::new(
            (self.shared.clone(), self.config.clone()),
            line.clone(),
            self.wake.clone(),
            self.rng.fork(),
        ) {
            Ok(actor) => {
                info!(
                    collector = line.name,
                    address = line.address,
                    transport = line.transport,
                    "driving collector"
                );
                Some(Driver { line, task: tokio::spawn(actor.run()) })
            }
            Err(cause) => {
                error!(collector = line.name, %cause, "collector cannot be driven");
                None
            }
        }
    }
}
