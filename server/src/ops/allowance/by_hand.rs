//! By hand: a run of a rule now, and free electricity for one room on top.

use domain::actor::Actor;
use domain::allowance::MAX_ALLOWANCE_WH;
use domain::clock::Clock;
use domain::ids::{RoomId, RuleId, TenancyId};
use domain::month::Month;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use super::batch;
use crate::db::{Db, DbError};
use crate::ops::desk::sell::hoarding_limit_wh;
use crate::ops::kit::job_run::new_run;
use crate::store::allowance::{self, grants, runs};
use crate::store::kit::job_runs;
use crate::store::meters::households;
use crate::store::plans::price_plans;

#[derive(Serialize)]
struct Run<'a> {
    rule: &'a RuleId,
    period: &'a str,
}

/// Begins the run of a rule for this month, or looks at every room again if there was one. The job does the work.
/// Nobody gets twice.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`]; [`OpError::Invalid`] with field `period` for
/// another month than the one that runs.
pub async fn run_by_hand(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    (rule, month): (&RuleId, Month),
) -> Result<Outcome, OpError> {
    require(actor, Action::Grant)?;
    let zone = super::zone(&mut *db.read().await?).await?;
    if Month::of(clock.now_ms(), &zone) != month {
        return Err(OpError::Invalid { field: "period", problem: Problem::Past });
    }
    batch::prepare(db, month).await?;
    let request = Run { rule, period: &month.to_string() };
    let operation = Operation::new(clock, actor, "run-allowance", key, rule.as_str(), &request)?;
    let by = actor.id();
    let job = new_run(clock, super::JOB, operation.id.to_string(), operation.at_ms, String::new());
    operation
        .run(db, (rule.clone(), month, by, job), |operation, (id, month, by, job), conn| {
            async move {
                let rule = allowance::get(conn, id).await?.ok_or(OpError::NotFound("rule"))?;
                if !batch::start(conn, &rule, *month, (by.as_str(), operation.at_ms)).await? {
                    runs::restart(conn, id, &month.to_string()).await?;
                }
                job_runs::ask(conn, job).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Free electricity for one room, on top of what the rules give.
#[derive(Clone, Debug, Serialize)]
pub struct ExtraGrant {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy the form was for.
    pub tenancy_id: TenancyId,
    /// In Wh.
    pub energy_wh: i64,
    /// Why.
    pub reason: String,
}

/// Grants it.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NoMeter`], [`OpError::NoPrice`], [`OpError::Hoarding`];
/// [`OpError::OutOfRange`] with field `energy` (Wh), [`OpError::Invalid`] with field `reason`.
pub async fn grant_extra(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: ExtraGrant,
) -> Result<Outcome, OpError> {
    require(actor, Action::Grant)?;
    request.reason = OpError::text("reason", &request.reason, 200)?;
    if !(1..=MAX_ALLOWANCE_WH).contains(&request.energy_wh) {
        return Err(OpError::OutOfRange { field: "energy", min: 1, max: MAX_ALLOWANCE_WH });
    }
    let room = request.room_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "grant-extra", &request.key, &room, &request)?;
    let by = actor.id();
    operation
        .run(db, (request, by), |operation, (request, by), conn| {
            async move {
                let ExtraGrant { room_id, tenancy_id, energy_wh, reason, .. } = request;
                let credited =
                    households::credit(conn, room_id, tenancy_id, *energy_wh, operation.at_ms).await;
                let credited = match credited {
                    Ok(credited) => credited.ok_or(OpError::NoMeter)?,
                    Err(DbError::Constraint(_)) => {
                        return Err(OpError::OutOfRange {
                            field: "energy",
                            min: 1,
                            max: i64::from(u32::MAX),
                        });
                    }
                    Err(error) => return Err(error.into()),
                };
                let settings = credited.credit_settings.as_deref();
                if let Some(limit_wh) = hoarding_limit_wh(credited.remaining_wh, settings)? {
                    return Err(OpError::Hoarding { limit_wh });
                }
                let tariff = price_plans::tariff(credited.terms.as_deref().ok_or(OpError::NoPrice)?)?;
                let grant = grants::NewGrant {
                    room_id,
                    operation_id: &operation.id,
                    household_id: &credited.id,
                    tenancy_id,
                    epoch: credited.epoch,
                    energy_wh: *energy_wh,
                    price_per_kwh: tariff.base().to_string(),
                    at_ms: operation.at_ms,
                    credited_after_wh: credited.credited_wh,
                };
                grants::insert_extra(conn, &grant, by.as_str(), reason).await?;
                Ok(grants::record_transfers(conn, &operation.id).await?)
            }
            .boxed()
        })
        .await
}
