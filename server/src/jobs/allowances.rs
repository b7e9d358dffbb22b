//! Free electricity by itself: each month of a rule on its day and time (late, once, when no server ran then), and each
//! hour whoever moved in since, and what lapses.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::db::DbError;
use crate::ops::allowance::{self, JOB};
use crate::ops::kit::Ops;
use crate::ops::kit::job_run::{Claim, JobError, new_run};
use crate::store::kit::job_runs::NewRun;

pub(super) struct FreeElectricity;

impl Job for FreeElectricity {
    fn name(&self) -> &'static str {
        JOB
    }

    fn due<'a>(&'a self, ops: &'a Ops) -> BoxFuture<'a, Result<Vec<NewRun>, DbError>> {
        async move {
            let occasions = allowance::occasions(ops).await?;
            let run = |(occasion, due_ms)| new_run(&*ops.clock, JOB, occasion, due_ms, String::new());
            Ok(occasions.into_iter().map(run).collect())
        }
        .boxed()
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>> {
        allowance::pass(ops, claim).boxed()
    }
}
