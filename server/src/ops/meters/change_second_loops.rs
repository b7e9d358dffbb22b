//! Saying which of a meter's single-phase outlets were built with a second loop.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::MeterId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
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
    /// The single-phase outlets that have a second loop, from 0; the others have none.
    pub positions: BTreeSet<i64>,
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
                let outlets = second_loops::of_meter(conn, &request.meter_id).await?;
                if outlets.is_empty() {
                    return Err(OpError::NotFound("meter"));
                }
                for outlet in outlets.iter().filter(|outlet| outlet.phases == 1) {
                    let has = request.positions.contains(&outlet.position);
                    second_loops::set(conn, &request.meter_id, outlet.position, has).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
