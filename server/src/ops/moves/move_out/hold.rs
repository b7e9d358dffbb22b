//! A last reading that cannot be: what depends on it is refused and leaves no trace, so the reading is put before a person
//! by a write of its own.

use domain::ids::OperationId;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use crate::db::DbError;
use crate::ops::books::recognise_consumption::hold;
use crate::ops::kit::Ops;
use crate::store::books::{purses, recognition};
use crate::store::moves::departures;

/// Puts the departure's last reading among the held ones, where a person finds it.
///
/// # Errors
/// The database's.
pub(super) async fn hold_for_a_person(ops: &Ops, departure: &OperationId) -> Result<(), DbError> {
    let at_ms = ops.clock.now_ms();
    ops.db.write(departure.clone(), move |id, conn| hold_last(conn, id, at_ms).boxed()).await
}

async fn hold_last(conn: &mut AnyConnection, id: &OperationId, at_ms: i64) -> Result<(), DbError> {
    let Some(departure) = departures::get(conn, id).await?.filter(|one| one.done_ms.is_none()) else {
        return Ok(());
    };
    let (Some(household), Some(last)) = (&departure.household_id, departure.last_reading()) else {
        return Ok(());
    };
    let tenancy = &departure.tenancy_id;
    let purse = purses::lock(conn, tenancy).await?;
    let last = (last.used_wh, last.at_ms);
    let reading = recognition::closing(conn, household, tenancy, departure.epoch, last).await?;
    let reading = reading.ok_or_else(|| DbError::Corrupt(format!("no account of {tenancy}")))?;
    hold(conn, at_ms, &reading, &purse).await.map(drop)
}
