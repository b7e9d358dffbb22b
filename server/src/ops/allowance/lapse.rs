//! What of a month's free electricity was not used when the next month's is due: it stays, stays up to a limit, or
//! lapses, as the rule says.
//!
//! Only what a meter has said since then counts: what a dark meter's room has left is known when it comes back, and
//! lapses then. To look twice is harmless: what has lapsed is not left any more.

use domain::actor::Actor;
use domain::allowance::Carry;
use domain::ids::RuleId;
use domain::month::Month;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::books::recognise_consumption::{Books, ReadingHeld};
use crate::ops::kit::job_run::{JobError, failed};
use crate::ops::kit::mandate::schedule;
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::allowance::lapsed;
use crate::store::allowance::lapses::{self, Left, Over};
use crate::store::allowance::{self, Rule};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::books::{purses, recognition};
use crate::store::meters::households;

/// Tenancies in a transaction: each is some statements, and a sale on SQLite waits for them.
const BATCH: i64 = 50;
/// When rooms whose meters were dark are looked at again.
const AGAIN_MS: i64 = 3_600_000;

/// Tenancies of which something is over.
#[derive(Clone, Debug, Serialize)]
struct Lapse {
    #[serde(skip)]
    key: Key,
    rule: RuleId,
    period: String,
    #[serde(skip)]
    carry: Carry,
    #[serde(skip)]
    left: Vec<Left>,
}

/// Why nothing lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NotLapsed {
    /// A reading waits for a decision.
    #[error("a reading waits for a decision")]
    ReadingHeld,
    /// Others live there by now.
    #[error("the room's residents have changed")]
    TenancyChanged,
}

refusals!(NotLapsed);

impl Verb for Lapse {
    const NAME: &'static str = "lapse-allowance";
    type Refusal = NotLapsed;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.rule.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotLapsed> {
        async move {
            let mut next_transfer = 0;
            for left in &self.left {
                next_transfer = one(conn, operation, next_transfer, (&self.rule, self.carry), left).await?;
            }
            Ok(())
        }
        .boxed()
    }
}

/// Lets lapse what is over.
///
/// # Errors
/// Those of the database.
pub(super) async fn lapse(ops: &Ops) -> Result<(), JobError> {
    let (db, now_ms) = (&ops.db, ops.clock.now_ms());
    let mut conn = db.read().await?;
    let zone = super::zone(&mut conn).await?;
    let open = lapses::open(&mut conn, now_ms).await?;
    drop(conn);
    for (id, period) in open {
        let month: Month = super::month_of(&period)?;
        let rule = allowance::get(&mut *db.read().await?, &id).await?;
        let rule = rule.ok_or_else(|| DbError::Corrupt(format!("a run of no rule: {id}")))?;
        let due_ms = rule.calendar.due_ms(month.next(), &zone);
        if due_ms > now_ms {
            continue;
        }
        let dark = match rule.carry {
            Carry::Keep => 0,
            carry => month_over(ops, &rule, &over(&rule, month, due_ms, carry)).await?,
        };
        let again_ms = (dark > 0).then_some(now_ms + AGAIN_MS);
        db.write((id, period), move |(id, period), conn| {
            async move { lapses::looked(conn, (id, period), now_ms, again_ms).await }.boxed()
        })
        .await?;
    }
    Ok(())
}

fn over(rule: &Rule, month: Month, due_ms: i64, carry: Carry) -> Over {
    Over {
        rule: rule.id.clone(),
        period: month.to_string(),
        next_period: month.next().to_string(),
        due_ms,
        stays_wh: match carry {
            Carry::Cap(wh) => wh,
            Carry::Keep | Carry::Lapse => 0,
        },
    }
}

/// How many could not be settled yet.
async fn month_over(ops: &Ops, rule: &Rule, over: &Over) -> Result<usize, JobError> {
    let db = &ops.db;
    let (mut after, mut dark) = (String::new(), 0);
    loop {
        let page = lapses::left(&mut *db.read().await?, over, &after, BATCH).await?;
        let Some(last) = page.last() else { return Ok(dark) };
        after = last.room_id.as_str().to_owned();
        let (read, unread): (Vec<Left>, Vec<Left>) = page.into_iter().partition(|left| left.read == 1);
        dark += unread.len();
        if !read.is_empty() {
            batch(ops, rule, over, read.clone()).await?;
            dark += held(db, over, &read).await?;
        }
    }
}

/// Of those who were looked at, how many still have too much: their reading waits for a person.
async fn held(db: &Db, over: &Over, read: &[Left]) -> Result<usize, DbError> {
    let mut conn = db.read().await?;
    let mut held = 0;
    for left in read {
        let taken_wh = purses::get(&mut conn, &left.tenancy_id).await?.subsidy_taken_wh;
        held += usize::from(left.granted_wh - taken_wh > over.stays_wh);
    }
    Ok(held)
}

async fn batch(ops: &Ops, rule: &Rule, over: &Over, left: Vec<Left>) -> Result<(), JobError> {
    let (period, carry) = (over.period.clone(), rule.carry);
    let lapse = Lapse { key: ops.key(), rule: over.rule.clone(), period, carry, left };
    ops.perform(&schedule(super::JOB), lapse).await.map(drop).map_err(failed)
}

/// Recognises what one tenancy has used, then lets lapse what may not stay. The number of the next transfer.
async fn one(
    conn: &mut AnyConnection,
    operation: &Operation,
    next_transfer: i64,
    (rule, carry): (&RuleId, Carry),
    left: &Left,
) -> Result<i64, Refused<NotLapsed>> {
    let books = Books::open(conn, &operation.id, operation.at_ms, next_transfer).await?;
    let reading = recognition::latest(conn, &left.household_id).await?;
    let Some(reading) = reading.filter(|reading| reading.tenancy_id == left.tenancy_id) else {
        return Ok(next_transfer);
    };
    let standing = books.recognise(conn, &reading).await;
    let mut standing = standing.map_err(|refused| refused.map(|ReadingHeld| NotLapsed::ReadingHeld))?;
    if standing.held {
        return Ok(standing.next_transfer);
    }
    let lapse_wh = carry.lapses_wh(left.granted_wh - standing.purse.subsidy_taken_wh);
    let lapsed = standing.purse.lapse(&standing.subsidy, lapse_wh);
    if lapsed.subsidy_wh == 0 {
        return Ok(standing.next_transfer);
    }
    let tenancy = &left.tenancy_id;
    purses::put(conn, tenancy, &standing.purse).await?;
    let figures = (lapsed.subsidy_wh, lapsed.subsidy_minor);
    let by = (&operation.id, Some(rule));
    lapsed::insert(conn, by, tenancy, figures, operation.at_ms).await?;
    let moved = Transfer::new(Account::SubsidyPurse(tenancy.clone()), Account::Lapsed, lapsed.subsidy_wh);
    let next_transfer = transfers::record(conn, &operation.id, standing.next_transfer, &[moved]).await?;
    households::debit(conn, &left.household_id, tenancy, lapsed.subsidy_wh)
        .await?
        .ok_or(NotLapsed::TenancyChanged)?;
    Ok(next_transfer)
}
