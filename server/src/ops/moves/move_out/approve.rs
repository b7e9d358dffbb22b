//! Approval of a refund above the site's limit, by a second person.

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
use crate::store::moves::settlements;

/// A refund to be approved.
#[derive(Clone, Debug, Serialize)]
pub struct ApproveRefund {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Whose departure it is of.
    pub departure_id: OperationId,
}

/// Why a refund is not approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoApproval {
    /// Nothing was settled.
    #[error("nothing was settled")]
    NoSettlement,
    /// Whoever settled it does not approve it.
    #[error("a second person has to approve")]
    SecondPerson,
}

refusals!(NoApproval);

/// Approves the refund of a departure. To approve it again changes nothing.
impl Verb for ApproveRefund {
    const NAME: &'static str = "approve-refund";
    const WAKES: bool = false;
    type Refusal = NoApproval;

    fn right(&self) -> Action {
        Action::MoveOut
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoApproval> {
        async move {
            let settlement = settlements::of_departure(conn, &self.departure_id).await?;
            let settlement = settlement.ok_or(NoApproval::NoSettlement)?;
            let by = operation.by.id();
            if settlement.actor_id == by {
                return Err(NoApproval::SecondPerson.into());
            }
            if settlements::approval_of(conn, &settlement.id).await?.is_some() {
                return Ok(());
            }
            Ok(settlements::approve(conn, &settlement.id, &by, operation.at_ms).await?)
        }
        .boxed()
    }
}
