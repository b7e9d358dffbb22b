//! Letting a meter that lost its memory have its credit anew: a manager's decision, as what it forgot cannot be read.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::MeterId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::meters::memory_losses;

/// The loss that was looked into.
#[derive(Clone, Debug, Serialize)]
pub struct RestoreCredit {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The meter.
    pub meter_id: MeterId,
    /// The loss, as the page showed it: not a later one.
    pub loss_id: String,
}

/// Records it; the field layer then sends the credit anew. What was used before counts as debited in the meter, so that
/// nobody gets it twice.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] when that loss waits for no decision.
pub async fn restore(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: RestoreCredit,
) -> Result<Outcome, OpError> {
    require(actor, Action::RestoreCredit)?;
    let meter = request.meter_id.as_str();
    let operation = Operation::new(clock, actor, "restore-credit", &request.key, meter, &request)?;
    operation
        .run(db, request, |operation, request, conn| {
            async move {
                let RestoreCredit { meter_id, loss_id, .. } = request;
                let (id, at_ms) = (&operation.id, operation.at_ms);
                if memory_losses::restore(conn, meter_id, loss_id, id, at_ms).await? {
                    Ok(())
                } else {
                    Err(OpError::NotFound("loss"))
                }
            }
            .boxed()
        })
        .await
}
