//! What follows from closings by itself: credit is carried over to new rooms, the departures of a list are settled, and
//! readings entered by hand are held against what their meters say.

use super::adjust::hold_against;
use super::carry::carry;
use super::graduation::settle_one;
use crate::clock::Clock;
use crate::db::Db;
use crate::ops::OpError;
use crate::ops::job_run::system;
use crate::store::{departure_runs, departures};

/// Departures looked at in one go.
const AT_ONCE: i64 = 100;

/// Does what can be done now. One that fails is logged and keeps none of the others. Whether credit was carried over, so
/// that it is to be delivered.
///
/// # Errors
/// The database's.
pub async fn follow_up(db: &Db, clock: &dyn Clock) -> Result<bool, OpError> {
    let (carried, listed, entered) = {
        let mut conn = db.read().await?;
        (
            departures::to_carry(&mut conn, AT_ONCE).await?,
            departure_runs::to_settle(&mut conn, AT_ONCE).await?,
            departures::to_hold_against(&mut conn, AT_ONCE).await?,
        )
    };
    let system = system();
    for id in &carried {
        match carry(db, clock, &system, id).await {
            Ok(()) => {}
            // A person decides about the reading first.
            Err(OpError::ReadingHeld) => tracing::debug!(departure = %id, "credit waits for a held reading"),
            Err(error) => tracing::error!(departure = %id, %error, "credit cannot be carried over"),
        }
    }
    for due in &listed {
        match settle_one(db, clock, due).await {
            Ok(()) => {}
            Err(OpError::ReadingHeld) => {
                tracing::debug!(departure = %due.departure_id, "a settlement waits for a held reading");
            }
            Err(error) => tracing::error!(departure = %due.departure_id, %error, "cannot be settled"),
        }
    }
    for id in &entered {
        if let Err(error) = hold_against(db, clock, &system, id).await {
            tracing::error!(departure = %id, %error, "an entered reading cannot be checked");
        }
    }
    Ok(!carried.is_empty())
}
