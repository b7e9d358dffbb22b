//! Closing a shift: the drawer is counted and goes into the safe, and what it held too much or too little is booked.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::ShiftId;
use domain::rights::Action;

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::open_shift::MAX_DRAWER_MINOR;
use crate::db::Db;
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

/// Closes it: the actor's own, or as a manager anybody's.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`], [`OpError::ShiftClosed`],
/// [`OpError::OutOfRange`] with field `counted` or `next_float` (minor units), [`OpError::Invalid`] with field `note`.
pub async fn close_shift(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    mut request: CloseShift,
) -> Result<Outcome, OpError> {
    require(actor, Action::KeepShift)?;
    request.note = note(&request.note)?;
    check_range(&request)?;
    let subject = request.shift_id.clone();
    let operation = Operation::new(clock, actor, "close-shift", &request.key, subject.as_str(), &request)?;
    operation
        .run(db, (request, actor.clone()), |operation, (request, actor), conn| {
            close(operation, request, actor, conn).boxed()
        })
        .await
}

fn note(text: &str) -> Result<String, OpError> {
    match OpError::text("note", text, MAX_NOTE) {
        Err(OpError::Invalid { problem: Problem::Missing, .. }) => Ok(String::new()),
        other => other,
    }
}

fn check_range(request: &CloseShift) -> Result<(), OpError> {
    let within = |field, amount_minor, max| {
        if (0..=max).contains(&amount_minor) {
            Ok(())
        } else {
            Err(OpError::OutOfRange { field, min: 0, max })
        }
    };
    within("counted", request.counted_minor, MAX_DRAWER_MINOR)?;
    within("next_float", request.next_float_minor, request.counted_minor)
}

async fn close(
    operation: &Operation,
    request: &CloseShift,
    actor: &Actor,
    conn: &mut AnyConnection,
) -> Result<(), OpError> {
    // From here on no sale goes into this drawer: one under way is waited for and counts.
    let held = shifts::hold(conn, &request.shift_id).await?.ok_or(OpError::NotFound("shift"))?;
    if held.user_id != actor.id() && !actor.may(Action::OverseeShifts) {
        return Err(OpError::Forbidden);
    }
    if held.closed_ms.is_some() {
        return Err(OpError::ShiftClosed);
    }
    let expected_minor = -balance(conn, &Account::Drawer(held.id.clone())).await?;
    let closing = Closing {
        operation_id: &operation.id,
        closed_by: &actor.id(),
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
