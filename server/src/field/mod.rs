//! The field: collectors, their lines, and the meters on them. Writes facts; wants nothing of its own.
//!
//! What the office wants stands in the households' rows. One driver a collector reads its meters in turn, compares,
//! and tells them until they report what is wanted. What is true of one kind of meter only stands in its folder, behind
//! [`driver::Driver`]. There is no queue of commands and no memory of
//! what was sent: a meter that was dark is planned for when it answers again, and a server that dies loses nothing.

mod actor;
mod bus;
mod call;
mod closing;
mod config;
pub mod driver;
mod drivers;
mod history;
mod loss;
mod met;
pub mod observation;
pub mod reading;
mod record;
pub mod schedule;
mod server_credit;
mod shared;
mod supervisor;
mod trouble;
mod visit;
pub mod wattwarden;

pub use bus::Bus;
pub use call::Call;
pub use config::FieldConfig;
pub use history::Allowance;
pub use met::{Halt, Met};

use std::sync::Arc;

use domain::clock::Clock;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tracing::error;

use self::shared::Shared;
use self::supervisor::Supervisor;
use crate::db::Db;
use crate::ops::kit::Wake;

/// The field layer.
#[derive(Debug)]
pub struct Field;

impl Field {
    /// Starts driving every enabled collector of the database that no other process drives.
    #[must_use]
    pub fn start(db: Db, clock: Arc<dyn Clock>, config: FieldConfig) -> FieldHandle {
        let (wake, woken) = watch::channel(());
        let (stop, stopped) = oneshot::channel();
        let FieldConfig { master_key, clock_tolerance_s, .. } = config;
        let shared = Shared { db, clock, master_key, clock_tolerance_s };
        let supervisor = Supervisor::new(Arc::new(shared), Arc::new(config), woken);
        let task = tokio::spawn(supervisor.run(stopped));
        FieldHandle { waker: Waker(Arc::new(wake)), stop, task }
    }
}

/// The running field layer; dropping it stops it, too.
#[derive(Debug)]
pub struct FieldHandle {
    waker: Waker,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl FieldHandle {
    /// A handle that tells the field layer of changes; cheap to clone.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Something else is wanted than before: a sale, a switch, a new meter. Delivery begins at once.
    pub fn wake(&self) {
        self.waker.wake();
    }

    /// Stops all drivers and gives up their leases.
    pub async fn shutdown(self) {
        // A supervisor that has ended already needs no telling.
        let _ = self.stop.send(());
        if let Err(cause) = self.task.await {
            error!(%cause, "the field layer ended badly");
        }
    }
}

/// Tells the field layer that something else is wanted than before.
#[derive(Clone, Debug)]
pub struct Waker(Arc<watch::Sender<()>>);

impl Wake for Waker {
    /// Delivery begins at once; never waits, and costs nothing when nobody listens.
    fn wake(&self) {
        self.0.send_replace(());
    }
}
