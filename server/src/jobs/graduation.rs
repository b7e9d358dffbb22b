//! Asks for the move-outs of a graduation, batch by batch. Settling them follows as their meters close, see `departures`.

use domain::clock::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::db::Db;
use crate::ops::kit::OpError;
use crate::ops::kit::job_run::Claim;
use crate::ops::moves::move_out::{GRADUATION, batch};

pub(super) struct Graduation;

impl Job for Graduation {
    fn name(&self) -> &'static str {
        GRADUATION
    }

    fn step<'a>(
        &'a self,
        db: &'a Db,
        clock: &'a dyn Clock,
        claim: &'a Claim,
    ) -> BoxFuture<'a, Result<(), OpError>> {
        batch(db, clock, claim).boxed()
    }
}
