//! Carrying the paid credit of a former room over to the new one, once the former epoch is closed.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::{OperationId, TenancyId};
use futures_util::FutureExt;
use sqlx::AnyConnection;

use super::hold::held_for_a_person;
use super::wind_up::{WoundUp, wind_up};
use crate::db::Db;
use crate::ops::kit::{Key, OpError, Operation};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::meters::households;
use crate::store::moves::carried::{self, CarriedLot};
use crate::store::moves::departures;

/// Carries what is left of a departure's paid lots over to the tenancy that takes it, once.
///
/// # Errors
/// [`OpError::ClosingUnknown`], [`OpError::ReadingHeld`], [`OpError::NoMeter`] when no meter serves the new room; the
/// database's.
pub(super) async fn carry(
    db: &Db,
    clock: &dyn Clock,
    house: &Actor,
    id: &OperationId,
) -> Result<(), OpError> {
    let key: Key = format!("carry-{id}").parse()?;
    let operation = Operation::new(clock, house, "carry-credit", &key, id.as_str(), &())?;
    let carried = operation
        .run(db, id.clone(), |operation, id, conn| {
            async move {
                let Some(departure) = departures::finish(conn, id, operation.at_ms).await? else {
                    return Ok(());
                };
                let to = departure.to_tenancy_id.clone().ok_or(OpError::NotFound("room change"))?;
                let wound_up = wind_up(conn, operation, &departure).await?;
                write(conn, operation, (&departure.tenancy_id, &to), &wound_up).await
            }
            .boxed()
        })
        .await
        .map(drop);
    held_for_a_person(db, clock, id, carried).await
}

async fn write(
    conn: &mut AnyConnection,
    operation: &Operation,
    (from, to): (&TenancyId, &TenancyId),
    wound_up: &WoundUp,
) -> Result<(), OpError> {
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
        return Err(OpError::NoMeter);
    }
    let moved = [
        wound_up.lapse.clone(),
        Transfer::new(Account::Purse(from.clone()), Account::Purse(to.clone()), energy_wh),
        Transfer::new(Account::Prepaid(from.clone()), Account::Prepaid(to.clone()), wound_up.lots_minor()),
    ];
    transfers::record(conn, &operation.id, wound_up.standing.next_transfer, &moved).await?;
    Ok(())
}
