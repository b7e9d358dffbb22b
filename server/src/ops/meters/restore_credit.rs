//! Letting a meter that lost its memory have its credit anew: a manager's decision, as what it forgot cannot be read.

use domain::actor::Actor;
use domain::ids::MeterId;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// That loss waits for no decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is over already")]
pub struct NoLoss;

refusals!(NoLoss);

/// Records it; the field layer then sends the credit anew. What was used before counts as debited in the meter, so that
/// nobody gets it twice.
impl Verb for RestoreCredit {
    const NAME: &'static str = "restore-credit";
    type Refusal = NoLoss;

    fn right(&self) -> Action {
        Action::RestoreCredit
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.meter_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoLoss> {
        async move {
            let done =
                memory_losses::restore(conn, &self.meter_id, &self.loss_id, &operation.id, operation.at_ms)
                    .await?;
            if done { Ok(()) } else { Err(NoLoss.into()) }
        }
        .boxed()
    }
}
