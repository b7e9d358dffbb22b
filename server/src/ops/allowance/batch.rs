//! The work of a run: rooms in batches, each one operation in one transaction, so that memory stays constant and a
//! crash loses nothing but the batch that was under way.

use domain::clock::Clock;
use domain::ids::{OperationId, RoomId, RuleId};
use domain::money::{Currency, Price};
use domain::month::Month;
use domain::settings::household_block;
use futures_util::FutureExt;
use meter_core::settings::HouseholdBlock;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::kit::mandate::schedule;
use crate::ops::kit::{Key, OpError, Operation};
use crate::store::allowance::candidates::{self, Question};
use crate::store::allowance::runs::{self, Came, NewRun};
use crate::store::allowance::{Rule, grants};
use crate::store::places::site;

/// Rooms a transaction looks at: large enough that statements don't count, small enough that a cashier who waits behind
/// it does not notice.
pub(super) const BATCH: i64 = 500;
/// More than any meter holds.
const NO_LIMIT_WH: i64 = i64::MAX / 4;

/// What makes a batch itself, for its operation.
#[derive(Serialize)]
struct Request<'a> {
    rule: &'a RuleId,
    period: &'a str,
}

/// Begins a run unless there is one; by itself or by a person. `true` when it was this call that did.
///
/// # Errors
/// Those of the database.
pub(super) async fn start(
    conn: &mut AnyConnection,
    rule: &Rule,
    month: Month,
    (by, now_ms): (&str, i64),
) -> Result<bool, OpError> {
    let zone = super::zone(conn).await?;
    let run = NewRun {
        rule_id: rule.id.clone(),
        period: month.to_string(),
        days_ms: month.days_ms(&zone),
        month_until_ms: month.next().from_ms(&zone),
        due_ms: rule.calendar.due_ms(month, &zone),
        started_ms: now_ms,
        started_by: by.to_owned(),
    };
    Ok(runs::start(conn, &run).await?)
}

/// Grants to the next rooms of a run; `true` when it has come to its end.
///
/// # Errors
/// Those of the database.
pub(super) async fn next(db: &Db, clock: &dyn Clock, ask: &Question) -> Result<bool, OpError> {
    let granted = write(db, clock, ask, |operation, at_ms, ask, conn| {
        async move {
            let key = (&ask.rule, ask.period.as_str());
            let Some(after) = runs::hold(conn, key.0, key.1).await? else {
                return Err(OpError::NotFound("run"));
            };
            let next = runs::next_rooms(conn, &after, BATCH).await?;
            let mut came = Came::default();
            if let Some((last, rooms_seen)) = &next {
                let granted = candidates::grant(conn, ask, operation, &after, last).await?;
                came = Came { rooms_seen: *rooms_seen, ..book(conn, operation, granted).await? };
            }
            let last = next.filter(|(_, rooms)| *rooms == BATCH).map(|(last, _)| last);
            Ok(runs::advance(conn, key, last.as_ref(), came, at_ms).await?)
        }
        .boxed()
    });
    match granted.await {
        Ok(()) => Ok(runs::get(&mut *db.read().await?, &ask.rule, &ask.period)
            .await?
            .is_none_or(|run| run.finished_ms.is_some())),
        // Another server has brought it to its end.
        Err(OpError::NotFound("run")) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Grants to rooms whose residents moved in after a run had passed by.
///
/// # Errors
/// Those of the database.
pub(super) async fn newcomers(
    db: &Db,
    clock: &dyn Clock,
    ask: &Question,
    rooms: Vec<RoomId>,
) -> Result<(), OpError> {
    write(db, clock, &(ask.clone(), rooms), |operation, _, (ask, rooms), conn| {
        async move {
            let mut granted = 0;
            for room in rooms {
                granted += candidates::grant_room(conn, ask, operation, room).await?;
            }
            let came = book(conn, operation, granted).await?;
            Ok(runs::add_newcomers(conn, (&ask.rule, &ask.period), came).await?)
        }
        .boxed()
    })
    .await
}

/// Notes that those who moved in before `until_ms` are done.
///
/// # Errors
/// Those of the database.
pub(super) async fn seen_newcomers(db: &Db, ask: &Question, until_ms: i64) -> Result<(), OpError> {
    db.write(ask.clone(), move |ask, conn| {
        async move { Ok(runs::seen_newcomers(conn, &ask.rule, &ask.period, until_ms).await?) }.boxed()
    })
    .await
}

/// A write in the house's own name, holding the month of its question.
async fn write<C, F>(db: &Db, clock: &dyn Clock, context: &C, body: F) -> Result<(), OpError>
where
    C: Asks + Clone + Send + Sync + 'static,
    F: for<'c> Fn(
            &'c OperationId,
            i64,
            &'c C,
            &'c mut AnyConnection,
        ) -> futures_util::future::BoxFuture<'c, Result<(), OpError>>
        + Send
        + Sync
        + 'static,
{
    let ask = context.question();
    let request = Request { rule: &ask.rule, period: &ask.period };
    let actor = schedule(super::JOB);
    let operation =
        Operation::new(clock, &actor, "grant-allowance", &Key::new(clock), ask.rule.as_str(), &request)?;
    operation
        .run(db, (context.clone(), body), |operation, (context, body), conn| {
            async move {
                runs::hold_month(conn, &context.question().period).await?;
                body(&operation.id, operation.at_ms, context, conn).await
            }
            .boxed()
        })
        .await
        .map(|_| ())
}

/// What a write is about.
trait Asks {
    fn question(&self) -> &Question;
}

impl Asks for Question {
    fn question(&self) -> &Question {
        self
    }
}

impl<T> Asks for (Question, T) {
    fn question(&self) -> &Question {
        &self.0
    }
}

/// Raises the households' totals by the grants that were just written, and books them.
async fn book(conn: &mut AnyConnection, operation: &OperationId, granted: u64) -> Result<Came, OpError> {
    if granted == 0 {
        return Ok(Came::default());
    }
    if grants::credit_households(conn, operation).await? != granted {
        // A sale, or a move, came between reading a total and raising it: all of the batch again.
        let collided = sqlx::Error::Protocol("a household changed while it was granted to".to_owned());
        return Err(DbError::Retry(collided).into());
    }
    grants::record_transfers(conn, operation).await?;
    let currency = site::get(conn).await?.ok_or(OpError::NotFound("site"))?.currency();
    let mut came = Came::default();
    for (energy_wh, per_kwh, rooms) in grants::of_operation(conn, operation).await? {
        came.rooms_granted += rooms;
        came.energy_wh += energy_wh * rooms;
        came.amount_minor += worth(energy_wh, &per_kwh, &currency)? * rooms;
    }
    Ok(came)
}

/// What a lot of free electricity is worth, in minor units.
///
/// # Errors
/// [`DbError::Corrupt`].
pub(super) fn worth(energy_wh: i64, per_kwh: &str, currency: &Currency) -> Result<i64, DbError> {
    let price: Option<Price> = per_kwh.parse().ok();
    let worth = price.and_then(|price| price.amount_minor(energy_wh, currency));
    worth.ok_or_else(|| DbError::Corrupt(format!("price {per_kwh:?}")))
}

/// Notes what the database needs to know before a month is granted: its days, and what rooms may hold.
///
/// # Errors
/// Those of the database.
pub(super) async fn prepare(db: &Db, month: Month) -> Result<(), OpError> {
    let mut conn = db.read().await?;
    let period = month.to_string();
    let unknown = runs::unknown_credit_settings(&mut conn).await?;
    let has_days = runs::has_days(&mut conn, &period).await?;
    if unknown.is_empty() && has_days {
        return Ok(());
    }
    let mut limits = Vec::with_capacity(unknown.len());
    for content in unknown {
        let limit_wh = match household_block(0, &content)? {
            HouseholdBlock::Credit(credit) if credit.hoarding_wh > 0 => i64::from(credit.hoarding_wh),
            _ => NO_LIMIT_WH,
        };
        limits.push((content, limit_wh));
    }
    let days_ms = month.days_ms(&super::zone(&mut conn).await?);
    drop(conn);
    db.write((period, days_ms, limits), |(period, days_ms, limits), conn| {
        async move {
            runs::put_days(conn, period, days_ms).await?;
            for (content, limit_wh) in limits {
                runs::put_hoarding_limit(conn, content, *limit_wh).await?;
            }
            Ok::<_, OpError>(())
        }
        .boxed()
    })
    .await
}
