//! A plan: what a group pays from a moment on; and taking back one that has not begun.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{GroupId, PriceId};
use domain::rights::Action;
use domain::tariff::Tariff;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::plans::{price_plans, room_groups};

/// A plan may be announced up to two years ahead.
const MAX_AHEAD_MS: i64 = 2 * 366 * 24 * 3600 * 1000;

/// A plan to be.
#[derive(Clone, Debug, Serialize)]
pub struct SetPlan {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Who pays by it.
    pub group_id: GroupId,
    /// The tariff, as stored.
    pub terms: String,
    /// From when, site time; `None` for now.
    pub from_ms: Option<i64>,
}

/// Sets what a group pays from a moment on. Sales already made keep their price.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`]; [`OpError::Exists`] with `from` when another
/// plan of the group begins at the same moment; [`OpError::Invalid`] with field `terms` or `from`;
/// [`OpError::MeterHeld`] for a tariff by the time of use where a meter keeps the credit of a room of the group.
pub async fn set_plan(db: &Db, clock: &dyn Clock, actor: &Actor, form: SetPlan) -> Result<Outcome, OpError> {
    require(actor, Action::SetPrice)?;
    let tariff: Tariff =
        form.terms.parse().map_err(|_| OpError::Invalid { field: "terms", problem: Problem::Malformed })?;
    let subject = form.group_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "set-price-plan", &form.key, &subject, &form)?;
    let (id, by) = (PriceId::new(clock), actor.id());
    operation
        .run(db, (form, id, by, tariff), |operation, (form, id, by, tariff), conn| {
            async move {
                let from_ms = form.from_ms.unwrap_or(operation.at_ms);
                check_from(from_ms, operation.at_ms)?;
                let group = &form.group_id;
                if !room_groups::all(conn).await?.iter().any(|known| known.id == *group) {
                    return Err(OpError::NotFound("group"));
                }
                check_tariff(conn, group, tariff).await?;
                let plan = price_plans::Plan {
                    id: id.clone(),
                    group_id: Some(group.clone()),
                    terms: tariff.to_string(),
                    from_ms: Some(from_ms),
                };
                price_plans::add(conn, &plan, tariff, by).await.map_err(OpError::exists("from"))
            }
            .boxed()
        })
        .await
}

/// Whether a plan may begin then.
fn check_from(from_ms: i64, now_ms: i64) -> Result<(), OpError> {
    let problem = match from_ms.saturating_sub(now_ms) {
        ..0 => Problem::Past,
        0..=MAX_AHEAD_MS => return Ok(()),
        _ => Problem::TooFarAhead,
    };
    Err(OpError::Invalid { field: "from", problem })
}

/// A meter that counts down watt-hours knows no prices of hours.
pub(super) async fn check_tariff(
    conn: &mut sqlx::AnyConnection,
    group: &GroupId,
    tariff: &Tariff,
) -> Result<(), OpError> {
    let by_hour = matches!(tariff, Tariff::TimeOfUse(_));
    // Rooms of groups without a plan pay by the default group's.
    let default = group.as_str() == price_plans::DEFAULT_GROUP;
    if by_hour && (default || room_groups::rooms_with_meter(conn, group).await? > 0) {
        return Err(OpError::MeterHeld);
    }
    Ok(())
}

/// Takes back a plan that has not begun.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`]; [`OpError::NotFound`] when there is no such plan, or it has begun.
pub async fn withdraw_plan(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    id: &PriceId,
) -> Result<Outcome, OpError> {
    require(actor, Action::SetPrice)?;
    let operation = Operation::new(clock, actor, "withdraw-price-plan", key, id.as_str(), &id)?;
    operation
        .run(db, id.clone(), |operation, id, conn| {
            async move {
                let gone = price_plans::withdraw(conn, id, operation.at_ms).await?;
                if gone { Ok(()) } else { Err(OpError::NotFound("plan")) }
            }
            .boxed()
        })
        .await
}
