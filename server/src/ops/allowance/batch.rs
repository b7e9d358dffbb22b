//! The work of a run: rooms in batches, each one operation in one transaction, so that memory stays constant and a
//! crash loses nothing but the batch that was under way.

use domain::actor::Actor;
use domain::ids::{OperationId, RoomId, RuleId};
use domain::money::{Currency, Price};
use domain::month::Month;
use domain::rights::Action;
use domain::settings::household_block;
use futures_util::FutureExt;
use meter_core::settings::HouseholdBlock;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::ops::kit::job_run::{JobError, failed};
use crate::ops::kit::mandate::schedule;
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::allowance::candidates::{self, Question};
use crate::store::allowance::grants;
use crate::store::allowance::runs::{self, Came};
use crate::store::places::site;

/// Rooms a transaction looks at: large enough that statements don't count, small enough that a cashier who waits behind
/// it does not notice.
pub(super) const BATCH: i64 = 500;
/// More than any meter holds.
const NO_LIMIT_WH: i64 = i64::MAX / 4;

/// Rooms that are granted to at once.
#[derive(Clone, Debug)]
enum Rooms {
    /// The next in the list of a run.
    Next,
    /// Those whose residents moved in after the run had passed by.
    Newcomers(Vec<RoomId>),
}

/// A batch of a run.
#[derive(Clone, Debug, Serialize)]
struct GrantRooms {
    #[serde(skip)]
    key: Key,
    rule: RuleId,
    period: String,
    #[serde(skip)]
    ask: Question,
    #[serde(skip)]
    rooms: Rooms,
}

/// Another server has brought the run to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run is over")]
pub(super) struct RunIsOver;

refusals!(RunIsOver);

/// Grants, holding the month, so that no room gets twice.
impl Verb for GrantRooms {
    const NAME: &'static str = "grant-allowance";
    type Refusal = RunIsOver;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.rule.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, RunIsOver> {
        async move {
            runs::hold_month(conn, &self.period).await?;
            match &self.rooms {
                Rooms::Next => grant_next(conn, operation, &self.ask).await,
                Rooms::Newcomers(rooms) => Ok(grant_newcomers(conn, operation, &self.ask, rooms).await?),
            }
        }
        .boxed()
    }
}

async fn grant_next(
    conn: &mut AnyConnection,
    operation: &Operation,
    ask: &Question,
) -> Result<(), Refused<RunIsOver>> {
    let key = (&ask.rule, ask.period.as_str());
    let after = runs::hold(conn, key.0, key.1).await?.ok_or(RunIsOver)?;
    let next = runs::next_rooms(conn, &after, BATCH).await?;
    let mut came = Came::default();
    if let Some((last, rooms_seen)) = &next {
        let granted = candidates::grant(conn, ask, &operation.id, &after, last).await?;
        came = Came { rooms_seen: *rooms_seen, ..book(conn, &operation.id, granted).await? };
    }
    let last = next.filter(|(_, rooms)| *rooms == BATCH).map(|(last, _)| last);
    Ok(runs::advance(conn, key, last.as_ref(), came, operation.at_ms).await?)
}

async fn grant_newcomers(
    conn: &mut AnyConnection,
    operation: &Operation,
    ask: &Question,
    rooms: &[RoomId],
) -> Result<(), DbError> {
    let mut granted = 0;
    for room in rooms {
        granted += candidates::grant_room(conn, ask, &operation.id, room).await?;
    }
    let came = book(conn, &operation.id, granted).await?;
    runs::add_newcomers(conn, (&ask.rule, &ask.period), came).await
}

async fn grant(ops: &Ops, ask: &Question, rooms: Rooms) -> Result<(), Refused<RunIsOver>> {
    let (rule, period) = (ask.rule.clone(), ask.period.clone());
    let batch = GrantRooms { key: ops.key(), rule, period, ask: ask.clone(), rooms };
    ops.perform(&schedule(super::JOB), batch).await.map(drop)
}

/// Grants to the next rooms of a run; `true` when it has come to its end.
///
/// # Errors
/// Those of the database.
pub(super) async fn next(ops: &Ops, ask: &Question) -> Result<bool, JobError> {
    match grant(ops, ask, Rooms::Next).await {
        Ok(()) => Ok(runs::get(&mut *ops.db.read().await?, &ask.rule, &ask.period)
            .await?
            .is_none_or(|run| run.finished_ms.is_some())),
        Err(Refused::Because(RunIsOver)) => Ok(true),
        Err(refused) => Err(failed(refused)),
    }
}

/// Grants to rooms whose residents moved in after a run had passed by.
///
/// # Errors
/// Those of the database.
pub(super) async fn newcomers(ops: &Ops, ask: &Question, rooms: Vec<RoomId>) -> Result<(), JobError> {
    grant(ops, ask, Rooms::Newcomers(rooms)).await.map_err(failed)
}

/// Notes that those who moved in before `until_ms` are done.
///
/// # Errors
/// Those of the database.
pub(super) async fn seen_newcomers(db: &Db, ask: &Question, until_ms: i64) -> Result<(), DbError> {
    db.write(ask.clone(), move |ask, conn| {
        async move { runs::seen_newcomers(conn, &ask.rule, &ask.period, until_ms).await }.boxed()
    })
    .await
}

/// Raises the households' totals by the grants that were just written, and books them.
async fn book(conn: &mut AnyConnection, operation: &OperationId, granted: u64) -> Result<Came, DbError> {
    if granted == 0 {
        return Ok(Came::default());
    }
    if grants::credit_households(conn, operation).await? != granted {
        // A sale, or a move, came between reading a total and raising it: all of the batch again.
        let collided = sqlx::Error::Protocol("a household changed while it was granted to".to_owned());
        return Err(DbError::Retry(collided));
    }
    grants::record_transfers(conn, operation).await?;
    let currency = site::required(conn).await?.currency();
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
pub(super) async fn prepare(db: &Db, month: Month) -> Result<(), DbError> {
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
            Ok::<_, DbError>(())
        }
        .boxed()
    })
    .await
}
