//! Saying which of a meter's single-phase outlets were built with a second loop.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::MeterId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use meter_core::meter::SINGLE_PHASE_HOUSEHOLDS;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::second_loops;

/// How a meter is wired.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeSecondLoops {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The meter.
    pub meter_id: MeterId,
    /// Of each single-phase outlet, whether it has a second loop.
    pub second_loops: [bool; SINGLE_PHASE_HOUSEHOLDS],
}

/// Records it; the field layer tells the meter.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] without such a meter.
pub async fn change(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: ChangeSecondLoops,
) -> Result<Outcome, OpError> {
    require(actor, Action::InstallMeters)?;
    let meter = request.meter_id.as_str();
    let operation = Operation::new(clock, actor, "change-second-loops", &request.key, meter, &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                for (position, has) in (0..).zip(request.second_loops) {
                    if !second_loops::set(conn, &request.meter_id, position, has).await? {
                        return Err(OpError::NotFound("meter"));
                    }
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
