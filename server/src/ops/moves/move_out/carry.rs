//! Carrying the paid credit of a former room over to the new one, once the former epoch is closed.

use domain::actor::Actor;
use domain::ids::{OperationId, TenancyId};
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::hold::hold_for_a_person;
use super::wind_up::{NotWoundUp, WoundUp, wind_up};
use crate::db::DbError;
use crate::ops::kit::{Key, NotAKey, Operation, Ops, Refused, Verb, Written, refusals};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::meters::households;
use crate::store::moves::carried::{self, CarriedLot};
use crate::store::moves::departures;

/// Credit to be carried over.
#[derive(Clone, Debug, Serialize)]
struct Carry {
    #[serde(skip)]
    key: Key,
    #[serde(skip)]
    departure_id: OperationId,
}

/// Why it is not carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotCarried {
    /// The departure names no tenancy that takes the credit.
    #[error("nobody takes the credit")]
    NoChange,
    /// The former room's meter has not closed the account yet.
    #[error("the closing reading is not known yet")]
    ClosingUnknown,
    /// A reading of the account waits for a person's decision.
    #[error("a reading waits for a decision")]
    ReadingHeld,
    /// No meter serves the new room.
    #[error("no meter serves the room")]
    NoMeter,
}

refusals!(NotCarried);

impl From<NotWoundUp> for NotCarried {
    fn from(why: NotWoundUp) -> Self {
        match why {
            NotWoundUp::ClosingUnknown => Self::ClosingUnknown,
            NotWoundUp::ReadingHeld => Self::ReadingHeld,
        }
    }
}

impl Verb for Carry {
    const NAME: &'static str = "carry-credit";
    type Refusal = NotCarried;

    fn right(&self) -> Action {
        Action::Recognise
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NotCarried> {
        async move {
            let Some(departure) = departures::finish(conn, &self.departure_id, operation.at_ms).await? else {
                return Ok(());
            };
            let to = departure.to_tenancy_id.clone().ok_or(NotCarried::NoChange)?;
            let wound_up = wind_up(conn, operation, &departure).await;
            let wound_up = wound_up.map_err(|refused| refused.map(NotCarried::from))?;
            write(conn, operation, (&departure.tenancy_id, &to), &wound_up).await
        }
        .boxed()
    }
}

/// Carries what is left of a departure's paid lots over to the tenancy that takes it, once.
///
/// # Errors
/// [`NotCarried`]; the database's.
pub(super) async fn carry(ops: &Ops, house: &Actor, id: &OperationId) -> Result<(), Refused<NotCarried>> {
    let key = once("carry", id)?;
    let carried = ops.perform(house, Carry { key, departure_id: id.clone() }).await;
    if matches!(carried, Err(Refused::Because(NotCarried::ReadingHeld))) {
        hold_for_a_person(ops, id).await?;
    }
    carried.map(drop)
}

/// The key of what is done once for a departure.
///
/// # Errors
/// An id that no departure of ours has.
pub(super) fn once(what: &str, id: &OperationId) -> Result<Key, DbError> {
    format!("{what}-{id}").parse().map_err(|NotAKey| DbError::Corrupt(format!("the departure {id:?}")))
}

async fn write(
    conn: &mut AnyConnection,
    operation: &Operation,
    (from, to): (&TenancyId, &TenancyId),
    wound_up: &WoundUp,
) -> Result<(), Refused<NotCarried>> {
    for (position, rest) in (0..).zip(&wound_up.rests) {
        let lot = CarriedLot {
            operation_id: &operation.id,
            position,
            tenancy_id: to,
            from_tenancy_id: from,
            energy_wh: rest.energy_wh,
            amount_minor: rest.amount_minor,
            price_per_kwh: &rest.lot.price_per_kwh,
            at_ms: operation.at_ms,
        };
        carried::insert(conn, &lot).await?;
    }
    let energy_wh = wound_up.returned_wh();
    if energy_wh > 0 && !households::credit_tenancy(conn, to, energy_wh).await? {
        return Err(NotCarried::NoMeter.into());
    }
    let moved = [
        wound_up.lapse.clone(),
        Transfer::new(Account::Purse(from.clone()), Account::Purse(to.clone()), energy_wh),
        Transfer::new(Account::Prepaid(from.clone()), Account::Prepaid(to.clone()), wound_up.lots_minor()),
    ];
    transfers::record(conn, &operation.id, wound_up.standing.next_transfer, &moved).await?;
    Ok(())
}
