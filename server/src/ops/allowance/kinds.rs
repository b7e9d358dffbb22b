//! What the residents of a room are: allowances by person go by it.

use domain::actor::Actor;
use domain::allowance::ResidentKind;
use domain::clock::Clock;
use domain::ids::{ResidentId, RoomId, TenancyId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::people::residents;

/// What somebody says the residents of a room are.
#[derive(Clone, Debug, Serialize)]
pub struct SetKinds {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The room.
    pub room_id: RoomId,
    /// The tenancy the form was for.
    pub tenancy_id: TenancyId,
    /// Who is what.
    pub kinds: Vec<(ResidentId, ResidentKind)>,
}

/// Writes it. What was granted stays; the next month's goes by it.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::TenancyChanged`] when they moved out meanwhile,
/// [`OpError::NotFound`] for somebody who does not live there.
pub async fn set_kinds(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: SetKinds,
) -> Result<Outcome, OpError> {
    require(actor, Action::MoveIn)?;
    let room = request.room_id.as_str().to_owned();
    let operation = Operation::new(clock, actor, "set-resident-kinds", &request.key, &room, &request)?;
    operation
        .run(db, request, |_, request, conn| {
            async move {
                let tenancy = residents::open_tenancy(conn, &request.room_id).await?;
                if tenancy.is_none_or(|tenancy| tenancy.id != request.tenancy_id) {
                    return Err(OpError::TenancyChanged);
                }
                let known = residents::kinds_of(conn, &request.tenancy_id).await?;
                for (id, kind) in &request.kinds {
                    if !known.iter().any(|(known, _)| known == id) {
                        return Err(OpError::NotFound("resident"));
                    }
                    residents::put_kind(conn, id, *kind).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
