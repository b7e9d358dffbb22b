//! Switching a room's supply: off, on until a time, or back to the meter's own decision.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::RoomId;
use domain::rights::Action;
use domain::supply::SupplyMode;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::{households, supply_changes};

/// The longest that an override lasts: 30 days.
pub const MAX_AHEAD_MS: i64 = 30 * 24 * 3600 * 1000;
/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;

/// What is asked of a room's supply.
#[derive(Clone, Debug, Serialize)]
pub struct SwitchRequest {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// What its relay shall do.
    pub mode: SupplyMode,
    /// Until when, site time, cut to whole seconds as the meter keeps it; `On` needs one, `Auto` takes none.
    pub until_ms: Option<i64>,
    /// Why, for the history.
    pub reason: String,
}

/// Records what is asked; the field layer drives the meter there.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NoMeter`], [`OpError::KeyReused`], [`OpError::Invalid`] with field `reason`
/// or `until`.
pub async fn switch(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: SwitchRequest,
) -> Result<Outcome, OpError> {
    require(actor, Action::SwitchSupply)?;
    request.reason = OpError::text("reason", &request.reason, MAX_REASON)?;
    request.until_ms = request.until_ms.map(|until_ms| until_ms.div_euclid(1000) * 1000);
    let operation =
        Operation::new(clock, actor, "switch-supply", &request.key, request.room_id.as_str(), &request)?;
    let actor_id = actor.id();
    operation
        .run(db, (request, actor_id), |operation, (request, actor_id), conn| {
            async move {
                check_until(request, operation.at_ms)?;
                let (household_id, generation) =
                    households::switch(conn, &request.room_id, request.mode, request.until_ms)
                        .await?
                        .ok_or(OpError::NoMeter)?;
                let change = supply_changes::NewSupplyChange {
                    id: &operation.id,
                    household_id: &household_id,
                    mode: request.mode,
                    until_ms: request.until_ms,
                    reason: &request.reason,
                    generation,
                    actor_id,
                    at_ms: operation.at_ms,
                };
                supply_changes::insert(conn, &change).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn check_until(request: &SwitchRequest, now_ms: i64) -> Result<(), OpError> {
    let problem = match (request.mode, request.until_ms) {
        (SupplyMode::On, None) => Problem::Missing,
        (SupplyMode::Auto, Some(_)) => Problem::Malformed,
        (_, Some(until_ms)) if until_ms <= now_ms => Problem::Past,
        (_, Some(until_ms)) if until_ms > now_ms + MAX_AHEAD_MS => Problem::TooFarAhead,
        _ => return Ok(()),
    };
    Err(OpError::Invalid { field: "until", problem })
}
