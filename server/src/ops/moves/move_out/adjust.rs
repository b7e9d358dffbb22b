//! A meter that was dark when its residents' account was settled by a reading entered by hand: once it answers, what it
//! says differs is an adjustment. The refund stands; the books and the room's page show the difference.

use std::convert::Infallible;

use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use futures_util::FutureExt;
use serde::Serialize;
use sqlx::AnyConnection;

use super::carry::once;
use crate::db::DbError;
use crate::ops::kit::{Key, Operation, Ops, Refused, Verb, Written};
use crate::store::books::transfers::{self, Account, Transfer};
use crate::store::moves::adjustments::{self, Adjustment};
use crate::store::moves::departures::{self, Departure};

/// A closing to be held against what was entered.
#[derive(Clone, Debug, Serialize)]
struct HoldAgainst {
    #[serde(skip)]
    key: Key,
    #[serde(skip)]
    departure_id: OperationId,
}

impl Verb for HoldAgainst {
    const NAME: &'static str = "adjust-closing";
    const WAKES: bool = false;
    type Refusal = Infallible;

    fn right(&self) -> Action {
        Action::Recognise
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.departure_id.to_string()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, Infallible> {
        async move {
            match departures::check_off(conn, &self.departure_id, operation.at_ms).await? {
                Some(departure) => Ok(adjust(conn, operation, &departure).await?),
                None => Ok(()),
            }
        }
        .boxed()
    }
}

/// Holds the closing of a departure against the reading that was entered for it, once.
///
/// # Errors
/// The database's.
pub(super) async fn hold_against(
    ops: &Ops,
    house: &Actor,
    id: &OperationId,
) -> Result<(), Refused<Infallible>> {
    let key = once("adjust", id)?;
    ops.perform(house, HoldAgainst { key, departure_id: id.clone() }).await.map(drop)
}

async fn adjust(
    conn: &mut AnyConnection,
    operation: &Operation,
    departure: &Departure,
) -> Result<(), DbError> {
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
