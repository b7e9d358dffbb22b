//! Opening a shift at the cash desk: a drawer with change in it, from the safe.

use domain::actor::Actor;
use domain::ids::ShiftId;
use domain::rights::Action;

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Outcome, Refused, Verb, Written, refusals};
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

/// Why no shift is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOpening {
    /// Whoever asks has one open already.
    #[error("a shift is open already")]
    Open,
    /// So much change goes into no drawer.
    #[error("a drawer holds 0 to {max_minor} minor units")]
    Float {
        /// The most that it holds, in minor units.
        max_minor: i64,
    },
}

refusals!(NoOpening);

/// Opens it; its id is the operation's.
impl Verb for OpenShift {
    const NAME: &'static str = "open-shift";
    const WAKES: bool = false;
    type Refusal = NoOpening;

    fn right(&self) -> Action {
        Action::KeepShift
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, by: &Actor) -> String {
        by.id().0
    }

    fn tidy(&mut self) -> Result<(), NoOpening> {
        if (0..=MAX_DRAWER_MINOR).contains(&self.float_minor) {
            Ok(())
        } else {
            Err(NoOpening::Float { max_minor: MAX_DRAWER_MINOR })
        }
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoOpening> {
        async move {
            take_number(conn, operation, self.float_minor).await?;
            let float = Transfer::new(Account::Drawer(shift_id(operation)), Account::Safe, self.float_minor);
            record(conn, &operation.id, 0, &[float]).await?;
            Ok(())
        }
        .boxed()
    }
}

fn shift_id(operation: &Operation) -> ShiftId {
    ShiftId(operation.id.0.clone())
}

/// The shift that an [`OpenShift`] opened.
#[must_use]
pub fn shift_of(opened: &Outcome) -> ShiftId {
    ShiftId(opened.id.0.clone())
}

async fn take_number(
    conn: &mut AnyConnection,
    operation: &Operation,
    float_minor: i64,
) -> Result<(), Refused<NoOpening>> {
    let (id, user) = (shift_id(operation), operation.by.id());
    for _ in 0..DRAWS {
        if shifts::open(conn, &id, &user, float_minor, operation.at_ms).await? {
            return Ok(());
        }
        if shifts::open_of(conn, &user).await?.is_some() {
            return Err(NoOpening::Open.into());
        }
    }
    Err(DbError::Corrupt("no number for a shift".to_owned()).into())
}
