//! Approval of a refund above the site's limit, by a second person.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;

use crate::db::Db;
use crate::store::moves::settlements;

/// Approves the refund of a departure. To approve it again changes nothing.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::SecondPerson`] for whoever settled it, [`OpError::KeyReused`].
pub async fn approve(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    key: &Key,
    departure: &OperationId,
) -> Result<Outcome, OpError> {
    require(actor, Action::MoveOut)?;
    let operation = Operation::new(clock, actor, "approve-refund", key, departure.as_str(), departure)?;
    let context = (departure.clone(), actor.id());
    operation
        .run(db, context, |operation, (departure, by), conn| {
            async move {
                let settlement = settlements::of_departure(conn, departure).await?;
                let settlement = settlement.ok_or(OpError::NotFound("settlement"))?;
                if settlement.actor_id == *by {
                    return Err(OpError::SecondPerson);
                }
                if settlements::approval_of(conn, &settlement.id).await?.is_some() {
                    return Ok(());
                }
                Ok(settlements::approve(conn, &settlement.id, by, operation.at_ms).await?)
            }
            .boxed()
        })
        .await
}
