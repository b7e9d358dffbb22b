//! Free electricity by itself: each month of a rule on its day and time (late, once, when no server ran then), and each
//! hour whoever moved in since, and what lapses.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::scheduler::Job;
use crate::clock::Clock;
use crate::db::Db;
use crate::ops::OpError;
use crate::ops::allowances::{self, JOB};
use crate::ops::job_run::{Claim, new_run};
use crate::store::job_runs::NewRun;

pub(super) struct FreeElectricity;

impl Job for FreeElectricity {
    fn name(&self) -> &'static str {
        JOB
    }

    fn due<'a>(&'a self, db: &'a Db, clock: &'a dyn Clock) -> BoxFuture<'a, Result<Vec<NewRun>, OpError>> {
        async move {
            let occasions = allowances::occasions(db, clock).await?;
            let run = |(occasion, due_ms)| new_run(clock, JOB, occasion, due_ms, String::new());
            Ok(occasions.into_iter().map(run).collect())
        }
        .boxed()
    }

    fn step<'a>(
        &'a self,
        db: &'a Db,
        clock: &'a dyn Clock,
        claim: &'a Claim,
    ) -> BoxFuture<'a, Result<(), OpError>> {
        allowances::pass(db, clock, claim).boxed()
    }
}
