//! Free electricity by itself: each month of a rule on its day and time (late, once, when no server ran then), and each
//! hour whoever moved in since, and what lapses.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::ops::allowance::{self, JOB};
use crate::ops::kit::job_run::{Claim, new_run};
use crate::ops::kit::{OpError, Ops};
use crate::store::kit::job_runs::NewRun;

pub(super) struct FreeElectricity;

impl Job for FreeElectricity {
    fn name(&self) -> &'static str {
        JOB
    }

    fn due<'a>(&'a self, ops: &'a Ops) -> BoxFuture<'a, Result<Vec<NewRun>, OpError>> {
        async move {
            let occasions = allowance::occasions(&ops.db, &*ops.clock).await?;
            let run = |(occasion, due_ms)| new_run(&*ops.clock, JOB, occasion, due_ms, String::new());
            Ok(occasions.into_iter().map(run).collect())
        }
        .boxed()
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), OpError>> {
        allowance::pass(&ops.db, &*ops.clock, claim).boxed()
    }
}
