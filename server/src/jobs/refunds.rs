//! Approves or pays the refunds of a graduation, one after the other, for whoever asked.

use domain::clock::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::db::Db;
use crate::ops::kit::OpError;
use crate::ops::kit::job_run::Claim;
use crate::ops::moves::move_out::{BULK, bulk_batch};

pub(super) struct Refunds;

impl Job for Refunds {
    fn name(&self) -> &'static str {
        BULK
    }

    fn step<'a>(
        &'a self,
        db: &'a Db,
        clock: &'a dyn Clock,
        claim: &'a Claim,
    ) -> BoxFuture<'a, Result<(), OpError>> {
        bulk_batch(db, clock, claim).boxed()
    }
}
