//! Runs of jobs: each occasion once, whoever carries it out and whenever it dies.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::clock::Clock;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use wattwarden::db::DbError;
use wattwarden::jobs::scheduler::{Job, run_due};
use wattwarden::ops::kit::Ops;
use wattwarden::ops::kit::job_run::{self, ATTEMPTS, Claim, JobError, new_run};
use wattwarden::store::kit::job_runs::{self, JobState, Progress};

use crate::support::database::for_each_engine;
use crate::support::house::House;

/// Ten batches; each raises what is done by one. The failing one fails at the fifth.
struct Count {
    fails: bool,
    steps: AtomicI64,
}

impl Count {
    fn jobs(fails: bool) -> Vec<Box<dyn Job>> {
        vec![Box::new(Self { fails, steps: AtomicI64::new(0) })]
    }
}

impl Job for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn step<'a>(&'a self, ops: &'a Ops, claim: &'a Claim) -> BoxFuture<'a, Result<(), JobError>> {
        async move {
            self.steps.fetch_add(1, Ordering::SeqCst);
            let now_ms = ops.clock.now_ms();
            let fails = self.fails;
            let written = ops
                .db
                .write(claim.clone(), move |claim, conn| {
                    async move {
                        let done = claim.run.done + 1;
                        let progress =
                            Progress { position: done.to_string(), done, total: 10, ..Progress::default() };
                        if done == 10 {
                            claim.finish(conn, &progress, now_ms).await
                        } else {
                            claim.advance(conn, &progress).await?;
                            if fails && done == 5 {
                                Err(DbError::Corrupt("it fails".into()).into())
                            } else {
                                Ok(())
                            }
                        }
                    }
                    .boxed()
                })
                .await;
            Ok(written?)
        }
        .boxed()
    }
}

async fn ask(house: &House, occasion: &str) -> bool {
    let run = new_run(&*house.clock, "count", occasion.into(), house.clock.now_ms(), String::new());
    job_run::ask(&house.db, run).await.unwrap()
}

async fn state(house: &House, occasion: &str) -> job_runs::JobRun {
    let mut conn = house.db.read().await.unwrap();
    job_runs::of_occasion(&mut conn, "count", occasion).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_occasion_is_run_once_by_however_many_servers() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        assert!(ask(&house, "september").await);
        assert!(!ask(&house, "september").await);
        let servers = ["a", "b", "c"].map(|holder| {
            let house = house.clone();
            async move { run_due(&house.ops(), &Count::jobs(false), holder).await.unwrap() }
        });
        assert_eq!(join_all(servers).await.into_iter().sum::<usize>(), 1);
        let run = state(&house, "september").await;
        assert_eq!((run.state, run.done, run.batches, run.total), (JobState::Done, 10, 10, 10));
        assert!(!ask(&house, "september").await, "not even later");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_loses_its_run_and_its_last_batch_is_not_written() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        ask(&house, "september").await;
        let id = state(&house, "september").await.id;
        let dead = job_run::claim(&house.db, &*house.clock, &id, "dead").await.unwrap().unwrap();
        let job = Count { fails: false, steps: AtomicI64::new(0) };
        job.step(&house.ops(), &dead).await.unwrap();
        let dead = dead.renewed(&house.db, &*house.clock).await.unwrap().unwrap();

        assert_eq!(run_due(&house.ops(), &Count::jobs(false), "other").await.unwrap(), 0);
        house.clock.advance(61_000);
        assert_eq!(run_due(&house.ops(), &Count::jobs(false), "other").await.unwrap(), 1);
        // Not dead after all, only slow.
        let late = job.step(&house.ops(), &dead).await;
        assert!(matches!(late, Err(JobError::ClaimLost)));
        let run = state(&house, "september").await;
        assert_eq!((run.done, run.batches), (10, 10));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_is_tried_again_later_and_given_up_in_the_end() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        ask(&house, "september").await;
        let mut tries = 0;
        while !state(&house, "september").await.state.over() {
            run_due(&house.ops(), &Count::jobs(true), "this").await.unwrap();
            house.clock.advance(3_600_000);
            tries += 1;
            assert!(tries < 100);
        }
        let run = state(&house, "september").await;
        assert_eq!((run.state, run.done, run.failures), (JobState::Failed, 4, ATTEMPTS));
        assert!(run.error.unwrap().contains("it fails"));

        // Once the cause is gone it goes on where it stopped.
        let id = run.id.clone();
        house
            .db
            .write(id, |id, conn| Box::pin(async move { job_runs::revive(conn, id).await }))
            .await
            .unwrap();
        assert_eq!(run_due(&house.ops(), &Count::jobs(false), "this").await.unwrap(), 1);
        assert_eq!(state(&house, "september").await.done, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_due_yet_waits_and_a_job_nobody_knows_is_left_alone() {
    for_each_engine(|db| async move {
        let house = House::furnish(db).await;
        let later = house.clock.now_ms() + 1_000;
        let run = new_run(&*house.clock, "count", "later".into(), later, String::new());
        job_run::ask(&house.db, run).await.unwrap();
        let run = new_run(&*house.clock, "from the future", "x".into(), 0, String::new());
        job_run::ask(&house.db, run).await.unwrap();
        let jobs = Count::jobs(false);
        assert_eq!(run_due(&house.ops(), &jobs, "this").await.unwrap(), 0);
        house.clock.advance(1_000);
        assert_eq!(run_due(&house.ops(), &jobs, "this").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_that_ended_long_ago_are_forgotten_and_those_given_up_are_not() {
    for_each_engine(|db| async move {
        const DAY_MS: i64 = 24 * 3_600_000;
        let house = House::furnish(db).await;
        let (db, clock) = (&house.db, &*house.clock);
        assert!(ask(&house, "old").await);
        run_due(&house.ops(), &Count::jobs(false), "a").await.unwrap();
        assert!(ask(&house, "given-up").await);
        for _ in 0..ATTEMPTS {
            run_due(&house.ops(), &Count::jobs(true), "a").await.unwrap();
            house.clock.advance(DAY_MS);
        }
        assert_eq!(state(&house, "given-up").await.state, JobState::Failed);
        house.clock.advance(390 * DAY_MS);
        assert!(ask(&house, "young").await);
        run_due(&house.ops(), &Count::jobs(false), "a").await.unwrap();
        assert_eq!(job_run::forget_old(db, clock).await.unwrap(), 0);
        house.clock.advance(10 * DAY_MS);
        assert!(ask(&house, "waiting").await);
        assert_eq!(job_run::forget_old(db, clock).await.unwrap(), 1);
        let mut conn = db.read().await.unwrap();
        let kept: Vec<_> = job_runs::latest(&mut conn, "count", 10).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|run| run.occasion.as_str()).collect();
        assert_eq!(kept, ["waiting", "young", "given-up"]);
    })
    .await;
}
