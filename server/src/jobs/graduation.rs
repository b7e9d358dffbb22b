//! Asks for the move-outs of a graduation, batch by batch. Settling them follows as their meters close, see `departures`.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{Claim, JobError};
use crate::ops::moves::move_out::{GRADUATION, batch};

pub(super) struct Graduation;

impl Job for Graduation {
    fn name(&self) -> &'static str {
        GRADUATION
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>> {
        async move { Ok(batch(&ops.db, &*ops.clock, claim).await?) }.boxed()
    }
}
