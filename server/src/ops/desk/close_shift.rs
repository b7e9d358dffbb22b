//! Closing a shift: the drawer is counted and goes into the safe, and what it held too much or too little is booked.

use domain::actor::Actor;
use domain::ids::ShiftId;
use domain::rights::Action;
use domain::text::{self, TextProblem};

use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::open_shift::MAX_DRAWER_MINOR;
use crate::ops::kit::{Key, Operation, Refused, Verb, Written, refusals};
use crate::store::books::transfers::{Account, Transfer, balance, record};
use crate::store::desk::shifts::{self, Closing};

/// The longest note, in characters.
pub const MAX_NOTE: usize = 200;

/// A shift to be closed.
#[derive(Clone, Debug, Serialize)]
pub struct CloseShift {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Which.
    pub shift_id: ShiftId,
    /// What is in the drawer, in minor units.
    pub counted_minor: i64,
    /// What of it stays there for the next shift, in minor units.
    pub next_float_minor: i64,
    /// Why it differs, or what the next one should know; may be empty.
    pub note: String,
}

/// Why a shift is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoClosing {
    /// There is no such shift.
    #[error("no such shift")]
    NoShift,
    /// It is closed.
    #[error("the shift is closed")]
    Closed,
    /// No drawer holds what was counted.
    #[error("a drawer holds 0 to {max_minor} minor units")]
    Counted {
        /// The most that one holds, in minor units.
        max_minor: i64,
    },
    /// More shall stay in the drawer than was counted.
    #[error("0 to {max_minor} minor units can stay in the drawer")]
    NextFloat {
        /// What was counted, in minor units.
        max_minor: i64,
    },
    /// Something is wrong with the note.
    #[error("the note {0}")]
    Note(TextProblem),
}

refusals!(NoClosing);

/// Closes it: the actor's own, or as a manager anybody's.
impl Verb for CloseShift {
    const NAME: &'static str = "close-shift";
    const WAKES: bool = false;
    type Refusal = NoClosing;

    fn right(&self) -> Action {
        Action::KeepShift
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.shift_id.to_string()
    }

    fn tidy(&mut self) -> Result<(), NoClosing> {
        self.note = text::optional(&self.note, MAX_NOTE).map_err(NoClosing::Note)?;
        if !(0..=MAX_DRAWER_MINOR).contains(&self.counted_minor) {
            return Err(NoClosing::Counted { max_minor: MAX_DRAWER_MINOR });
        }
        if !(0..=self.counted_minor).contains(&self.next_float_minor) {
            return Err(NoClosing::NextFloat { max_minor: self.counted_minor });
        }
        Ok(())
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoClosing> {
        close(operation, self, conn).boxed()
    }
}

async fn close(
    operation: &Operation,
    request: &CloseShift,
    conn: &mut AnyConnection,
) -> Result<(), Refused<NoClosing>> {
    // From here on no sale goes into this drawer: one under way is waited for and counts.
    let held = shifts::hold(conn, &request.shift_id).await?.ok_or(NoClosing::NoShift)?;
    let by = operation.by.id();
    if held.user_id != by && !operation.by.may(Action::OverseeShifts) {
        return Err(Refused::Forbidden);
    }
    if held.closed_ms.is_some() {
        return Err(NoClosing::Closed.into());
    }
    let expected_minor = -balance(conn, &Account::Drawer(held.id.clone())).await?;
    let closing = Closing {
        operation_id: &operation.id,
        closed_by: &by,
        closed_ms: operation.at_ms,
        expected_minor,
        counted_minor: request.counted_minor,
        next_float_minor: request.next_float_minor,
        note: &request.note,
    };
    shifts::close(conn, &held.id, &closing).await?;
    let drawer = Account::Drawer(held.id);
    // All that was counted goes to the safe, also what stays in the drawer: the next float comes out of it again. What the
    // count differs by is booked, so that the drawer's account ends at nothing.
    let over_minor = request.counted_minor - expected_minor;
    let emptied = [
        Transfer::new(Account::Safe, drawer.clone(), request.counted_minor),
        Transfer::new(drawer, Account::CashDifference, over_minor),
    ];
    record(conn, &operation.id, 0, &emptied).await?;
    Ok(())
}
