//! A last reading that cannot be: what depends on it is refused and leaves no trace, so the reading is put before a person
//! by a write of its own.

use domain::clock::Clock;
use domain::ids::OperationId;
use futures_util::FutureExt;
use sqlx::AnyConnection;

use crate::db::Db;
use crate::ops::books::recognise_consumption::hold;
use crate::ops::kit::OpError;
use crate::store::books::{purses, recognition};
use crate::store::moves::departures;

/// Passes `done` on; where it was refused because of the departure's last reading, a person finds that among the held
/// readings afterwards.
///
/// # Errors
/// That of `done`; the database's.
pub(super) async fn held_for_a_person<T>(
    db: &Db,
    clock: &dyn Clock,
    departure: &OperationId,
    done: Result<T, OpError>,
) -> Result<T, OpError> {
    if matches!(done, Err(OpError::ReadingHeld)) {
        let at_ms = clock.now_ms();
        db.write(departure.clone(), move |id, conn| hold_last(conn, id, at_ms).boxed()).await?;
    }
    done
}

async fn hold_last(conn: &mut AnyConnection, id: &OperationId, at_ms: i64) -> Result<(), OpError> {
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
    hold(conn, at_ms, &reading.ok_or(OpError::NotFound("tenancy"))?, &purse).await?;
    Ok(())
}
