//! Approves or pays the refunds of a graduation, one after the other, for whoever asked.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{Claim, JobError};
use crate::ops::moves::move_out::{BULK, bulk_batch};

pub(super) struct Refunds;

impl Job for Refunds {
    fn name(&self) -> &'static str {
        BULK
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>> {
        async move { Ok(bulk_batch(&ops.db, &*ops.clock, claim).await?) }.boxed()
    }
}
