//! Opening a shift at the cash desk: a drawer with change in it, from the safe.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{ShiftId, UserId};
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::{Db, DbError};
use crate::store::books::transfers::{Account, Transfer, record};
use crate::store::desk::shifts;

/// The most that a drawer holds, in minor units: beyond it a typing error is likelier than a drawer.
pub const MAX_DRAWER_MINOR: i64 = 100_000_000_000;
/// How often a number is drawn again that somebody else took at the same moment.
const DRAWS: usize = 64;

/// A shift to be opened, by and for the actor.
#[derive(Clone, Debug, Serialize)]
pub struct OpenShift {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Change put into the drawer, in minor units.
    pub float_minor: i64,
}

/// Opens it; its id is the operation's.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::ShiftOpen`], [`OpError::OutOfRange`] with field `float`
/// (minor units).
pub async fn open_shift(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: OpenShift,
) -> Result<Outcome, OpError> {
    require(actor, Action::KeepShift)?;
    if !(0..=MAX_DRAWER_MINOR).contains(&request.float_minor) {
        return Err(OpError::OutOfRange { field: "float", min: 0, max: MAX_DRAWER_MINOR });
    }
    let user = actor.id();
    let operation = Operation::new(clock, actor, "open-shift", &request.key, user.as_str(), &request)?;
    operation
        .run(db, (request, user), |operation, (request, user), conn| {
            async move {
                take_number(conn, operation, user, request.float_minor).await?;
                let drawer = Account::Drawer(ShiftId(operation.id.0.clone()));
                let float = Transfer::new(drawer, Account::Safe, request.float_minor);
                record(conn, &operation.id, 0, &[float]).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// The shift that an operation of [`open_shift`] opened.
#[must_use]
pub fn shift_of(opened: &Outcome) -> ShiftId {
    ShiftId(opened.id.0.clone())
}

async fn take_number(
    conn: &mut AnyConnection,
    operation: &Operation,
    user: &UserId,
    float_minor: i64,
) -> Result<(), OpError> {
    let id = ShiftId(operation.id.0.clone());
    for _ in 0..DRAWS {
        if shifts::open(conn, &id, user, float_minor, operation.at_ms).await? {
            return Ok(());
        }
        if shifts::open_of(conn, user).await?.is_some() {
            return Err(OpError::ShiftOpen);
        }
    }
    Err(OpError::Db(DbError::Corrupt("no number for a shift".to_owned())))
}
