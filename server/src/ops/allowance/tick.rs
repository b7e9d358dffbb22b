//! What happens by itself: runs that are due are begun (late, if nobody was there at the time), brought to their end,
//! and whoever moves in afterwards gets the month's, too.

use domain::month::Month;
use jiff::tz::TimeZone;

use super::batch::{self, prepare};
use super::begin_run::RunDue;
use super::lapse::lapse;
use super::{month_of, question};
use crate::db::DbError;
use crate::ops::kit::job_run::{Claim, JobError, failed};
use crate::ops::kit::mandate::schedule;
use crate::ops::kit::{NotAKey, Ops};
use crate::store::allowance::{self, Rule, runs};
use crate::store::kit::job_runs::Progress;
use crate::store::places::site;

/// Newcomers looked at at a time.
const NEWCOMERS: i64 = 200;
/// How often whoever moved in is looked for, and what lapses.
const HOUR_MS: i64 = 3_600_000;
/// How far back newcomers are looked for again: a move-in that was long in coming, a meter that was connected late.
const AGAIN_MS: i64 = 2 * 24 * HOUR_MS;

/// Brings free electricity up to date. Safe on any number of servers, at any moment, any number of times.
///
/// # Errors
/// Those of the database. Before the site and a price are set, there is nothing to do.
pub async fn tick(ops: &Ops) -> Result<(), JobError> {
    let (db, now_ms) = (&ops.db, ops.clock.now_ms());
    let mut conn = db.read().await?;
    let Some(site) = site::get(&mut conn).await? else { return Ok(()) };
    let rules = allowance::all(&mut conn).await?;
    drop(conn);
    if rules.is_empty() {
        return Ok(());
    }
    let month = Month::of(now_ms, &site.zone());
    prepare(db, month).await?;
    for rule in &rules {
        for month in [month.before(), month] {
            start_if_due(ops, rule, month).await?;
        }
    }
    finish_runs(ops).await?;
    welcome_newcomers(ops, month).await?;
    lapse(ops).await
}

/// What calls for a run of the job by now, and since when: each month of a rule that is due and was not begun, and each
/// hour for newcomers and for what lapses. Nothing before there is a rule.
///
/// # Errors
/// Those of the database.
pub async fn occasions(ops: &Ops) -> Result<Vec<(String, i64)>, DbError> {
    let now_ms = ops.clock.now_ms();
    let mut conn = ops.db.read().await?;
    let Some(site) = site::get(&mut conn).await? else { return Ok(Vec::new()) };
    let (rules, zone) = (allowance::all(&mut conn).await?, site.zone());
    drop(conn);
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let hour_ms = now_ms - now_ms.rem_euclid(HOUR_MS);
    let mut occasions = vec![(format!("hour-{}", hour_ms / HOUR_MS), hour_ms)];
    let month = Month::of(now_ms, &zone);
    for rule in &rules {
        for month in [month.before(), month] {
            if is_due(rule, month, &zone, now_ms) {
                occasions.push((format!("{}-{month}", rule.id), rule.calendar.due_ms(month, &zone)));
            }
        }
    }
    Ok(occasions)
}

/// A run of the job: brings free electricity up to date.
///
/// # Errors
/// Those of the database, and [`JobError::ClaimLost`].
pub async fn pass(ops: &Ops, claim: &Claim) -> Result<(), JobError> {
    tick(ops).await?;
    claim.note(&ops.db, Progress { done: 1, total: 1, ..Progress::default() }, Some(ops.clock.now_ms())).await
}

/// A rule says nothing about times before it was written.
fn is_due(rule: &Rule, month: Month, zone: &TimeZone, now_ms: i64) -> bool {
    let due_ms = rule.calendar.due_ms(month, zone);
    rule.calendar.has(month, zone) && due_ms <= now_ms && due_ms >= rule.created_ms
}

async fn start_if_due(ops: &Ops, rule: &Rule, month: Month) -> Result<(), JobError> {
    let mut conn = ops.db.read().await?;
    let zone = super::zone(&mut conn).await?;
    if !is_due(rule, month, &zone, ops.clock.now_ms())
        || runs::get(&mut conn, &rule.id, &month.to_string()).await?.is_some()
    {
        return Ok(());
    }
    drop(conn);
    // One key a month: of two servers, one begins.
    let key = format!("allowance-{}-{month}", rule.id)
        .parse()
        .map_err(|NotAKey| DbError::Corrupt(rule.id.to_string()))?;
    let run = RunDue { key, rule: rule.id.clone(), month };
    ops.perform(&schedule(super::JOB), run).await.map_err(failed)?;
    Ok(())
}

async fn finish_runs(ops: &Ops) -> Result<(), JobError> {
    let db = &ops.db;
    let runs = runs::unfinished(&mut *db.read().await?).await?;
    for run in runs {
        let month = month_of(&run.period)?;
        if run.rooms_seen == 0 {
            db.refresh_statistics().await?;
        }
        loop {
            let now_ms = ops.clock.now_ms();
            let asked = question(&mut *db.read().await?, &run.rule_id, month, now_ms).await?;
            let Some(ask) = asked else { return Ok(()) };
            if batch::next(ops, &ask).await? {
                break;
            }
        }
    }
    Ok(())
}

async fn welcome_newcomers(ops: &Ops, month: Month) -> Result<(), JobError> {
    let db = &ops.db;
    let finished = runs::finished_of(&mut *db.read().await?, &month.to_string()).await?;
    for run in finished {
        let now_ms = ops.clock.now_ms();
        let asked = question(&mut *db.read().await?, &run.rule_id, month, now_ms).await?;
        let Some(ask) = asked else { return Ok(()) };
        let mut after = String::new();
        loop {
            let mut conn = db.read().await?;
            let since_ms = run.newcomers_ms - AGAIN_MS;
            let rooms = runs::newcomers(&mut conn, &run.period, since_ms, &after, NEWCOMERS).await?;
            let Some(last) = rooms.last() else { break };
            after = last.as_str().to_owned();
            let mut eligible = Vec::new();
            for room in rooms {
                if allowance::candidates::may_have(&mut conn, &ask, &room).await? {
                    eligible.push(room);
                }
            }
            drop(conn);
            if !eligible.is_empty() {
                batch::newcomers(ops, &ask, eligible).await?;
            }
        }
        if now_ms - run.newcomers_ms > AGAIN_MS / 2 {
            batch::seen_newcomers(db, &ask, now_ms).await?;
        }
    }
    Ok(())
}
