//! What the residents of a room are: allowances by person go by it.

use domain::actor::Actor;
use domain::allowance::ResidentKind;
use domain::ids::{ResidentId, RoomId, TenancyId};
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
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

/// Others live there than when the form was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the room's residents have changed")]
pub struct OthersLiveThere;

refusals!(OthersLiveThere);

/// Writes it. What was granted stays; the next month's goes by it.
impl Verb for SetKinds {
    const NAME: &'static str = "set-resident-kinds";
    const WAKES: bool = false;
    type Refusal = OthersLiveThere;

    fn right(&self) -> Action {
        Action::MoveIn
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.room_id.to_string()
    }

    fn write<'c>(&'c self, _: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, OthersLiveThere> {
        async move {
            let tenancy = residents::open_tenancy(conn, &self.room_id).await?;
            if tenancy.is_none_or(|tenancy| tenancy.id != self.tenancy_id) {
                return Err(OthersLiveThere.into());
            }
            let known = residents::kinds_of(conn, &self.tenancy_id).await?;
            for (id, kind) in &self.kinds {
                if !known.iter().any(|(known, _)| known == id) {
                    return Err(OthersLiveThere.into());
                }
                residents::put_kind(conn, id, *kind).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
