//! What runs by itself: housekeeping, and jobs whose runs are rows that one server at a time holds.

mod allowances;
mod departures;
mod graduation;
mod housekeeping;
mod recognise;
mod refunds;
pub mod scheduler;

use tokio::task::JoinHandle;

use self::scheduler::Job;
use crate::ops::kit::Ops;

/// Every job there is. What runs on its own account comes before what a person waits for only where both are due.
#[must_use]
pub fn all() -> Vec<Box<dyn Job>> {
    vec![
        Box::new(graduation::Graduation),
        Box::new(refunds::Refunds),
        Box::new(recognise::Recognise),
        Box::new(allowances::FreeElectricity),
    ]
}

/// What runs by itself, until it is dropped.
#[must_use = "jobs end when this is dropped"]
pub struct Jobs(Vec<JoinHandle<()>>);

impl Drop for Jobs {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Starts everything that runs by itself.
pub fn start(ops: &Ops) -> Jobs {
    Jobs(vec![
        tokio::spawn(housekeeping::run(ops.clone())),
        tokio::spawn(departures::run(ops.clone())),
        tokio::spawn(scheduler::run(ops.clone())),
    ])
}
