//! What of a month's free electricity was not used when the next month's is due: it stays, stays up to a limit, or
//! lapses, as the rule says.
//!
//! Only what a meter has said since then counts: what a dark meter's room has left is known when it comes back, and
//! lapses then. To look twice is harmless: what has lapsed is not left any more.

use domain::allowance::Carry;
use domain::clock::Clock;
use domain::month::Month;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::Db;
use crate::ops::books::recognise_consumption::Books;
use crate::ops::kit::mandate::schedule;
use crate::ops::kit::{Key, OpError, Operation};
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

#[derive(Serialize)]
struct Request<'a> {
    rule: &'a str,
    period: &'a str,
}

/// Lets lapse what is over.
///
/// # Errors
/// Those of the database.
pub(super) async fn lapse(db: &Db, clock: &dyn Clock) -> Result<(), OpError> {
    let now_ms = clock.now_ms();
    let mut conn = db.read().await?;
    let zone = super::zone(&mut conn).await?;
    let open = lapses::open(&mut conn, now_ms).await?;
    drop(conn);
    for (id, period) in open {
        let month: Month = period.parse().map_err(|_| OpError::NotFound("period"))?;
        let rule = allowance::get(&mut *db.read().await?, &id).await?.ok_or(OpError::NotFound("rule"))?;
        let due_ms = rule.calendar.due_ms(month.next(), &zone);
        if due_ms > now_ms {
            continue;
        }
        let dark = match rule.carry {
            Carry::Keep => 0,
            carry => month_over(db, clock, &rule, &over(&rule, month, due_ms, carry)).await?,
        };
        let again_ms = (dark > 0).then_some(now_ms + AGAIN_MS);
        db.write((id, period), move |(id, period), conn| {
            async move { Ok::<_, OpError>(lapses::looked(conn, (id, period), now_ms, again_ms).await?) }
                .boxed()
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
async fn month_over(db: &Db, clock: &dyn Clock, rule: &Rule, over: &Over) -> Result<usize, OpError> {
    let (mut after, mut dark) = (String::new(), 0);
    loop {
        let page = lapses::left(&mut *db.read().await?, over, &after, BATCH).await?;
        let Some(last) = page.last() else { return Ok(dark) };
        after = last.room_id.as_str().to_owned();
        let (read, unread): (Vec<Left>, Vec<Left>) = page.into_iter().partition(|left| left.read == 1);
        dark += unread.len();
        if !read.is_empty() {
            batch(db, clock, rule, over, read.clone()).await?;
            dark += held(db, over, &read).await?;
        }
    }
}

/// Of those who were looked at, how many still have too much: their reading waits for a person.
async fn held(db: &Db, over: &Over, read: &[Left]) -> Result<usize, OpError> {
    let mut conn = db.read().await?;
    let mut held = 0;
    for left in read {
        let taken_wh = purses::get(&mut conn, &left.tenancy_id).await?.subsidy_taken_wh;
        held += usize::from(left.granted_wh - taken_wh > over.stays_wh);
    }
    Ok(held)
}

async fn batch(db: &Db, clock: &dyn Clock, rule: &Rule, over: &Over, read: Vec<Left>) -> Result<(), OpError> {
    let request = Request { rule: over.rule.as_str(), period: &over.period };
    let key = Key::new(clock);
    let operation =
        Operation::new(clock, &schedule(super::JOB), "lapse-allowance", &key, over.rule.as_str(), &request)?;
    let carry = rule.carry;
    operation
        .run(db, (over.clone(), read), move |operation, (over, read), conn| {
            async move {
                let mut next_transfer = 0;
                for left in read {
                    next_transfer = one(conn, operation, next_transfer, (over, carry), left).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
        .map(|_| ())
}

/// Recognises what one tenancy has used, then lets lapse what may not stay. The number of the next transfer.
async fn one(
    conn: &mut AnyConnection,
    operation: &Operation,
    next_transfer: i64,
    (over, carry): (&Over, Carry),
    left: &Left,
) -> Result<i64, OpError> {
    let books = Books::open(conn, &operation.id, operation.at_ms, next_transfer).await?;
    let reading = recognition::latest(conn, &left.household_id).await?;
    let Some(reading) = reading.filter(|reading| reading.tenancy_id == left.tenancy_id) else {
        return Ok(next_transfer);
    };
    let mut standing = books.recognise(conn, &reading).await?;
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
    let by = (&operation.id, Some(&over.rule));
    lapsed::insert(conn, by, tenancy, figures, operation.at_ms).await?;
    let moved = Transfer::new(Account::SubsidyPurse(tenancy.clone()), Account::Lapsed, lapsed.subsidy_wh);
    let next_transfer = transfers::record(conn, &operation.id, standing.next_transfer, &[moved]).await?;
    households::debit(conn, &left.household_id, tenancy, lapsed.subsidy_wh)
        .await?
        .ok_or(OpError::TenancyChanged)?;
    Ok(next_transfer)
}
