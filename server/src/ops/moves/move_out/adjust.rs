//! A meter that was dark when its residents' account was settled by a reading entered by hand: once it answers, what it
//! says differs is an adjustment. The refund stands; the books and the room's page show the difference.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::ids::OperationId;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use crate::db::Db;
use crate::ops::kit::{Key, OpError, Operation};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::moves::adjustments::{self, Adjustment};
use crate::store::moves::departures::{self, Departure};

/// Holds the closing of a departure against the reading that was entered for it, once.
///
/// # Errors
/// The database's.
pub(super) async fn hold_against(
    db: &Db,
    clock: &dyn Clock,
    house: &Actor,
    id: &OperationId,
) -> Result<(), OpError> {
    let key: Key = format!("adjust-{id}").parse()?;
    let operation = Operation::new(clock, house, "adjust-closing", &key, id.as_str(), &())?;
    operation
        .run(db, id.clone(), |operation, id, conn| {
            async move {
                let departure = departures::check_off(conn, id, operation.at_ms).await?;
                match departure {
                    Some(departure) => adjust(conn, operation, &departure).await,
                    None => Ok(()),
                }
            }
            .boxed()
        })
        .await
        .map(drop)
}

async fn adjust(
    conn: &mut AnyConnection,
    operation: &Operation,
    departure: &Departure,
) -> Result<(), OpError> {
    let (Some(entered_wh), Some(found_wh)) = (departure.entered_used_wh, departure.closed_used_wh) else {
        return Ok(());
    };
    if entered_wh == found_wh {
        return Ok(());
    }
    let adjustment = Adjustment {
        id: operation.id.clone(),
        departure_id: departure.id.clone(),
        tenancy_id: departure.tenancy_id.clone(),
        room_id: departure.room_id.clone(),
        entered_used_wh: entered_wh,
        found_used_wh: found_wh,
        at_ms: operation.at_ms,
    };
    adjustments::insert(conn, &adjustment).await?;
    // More was used than was settled: energy that nobody had paid for was consumed.
    let difference = [Transfer::new(Account::Adjusted, Account::Consumed, found_wh - entered_wh)];
    transfers::record(conn, &operation.id, 0, &difference).await?;
    Ok(())
}
