//! What a household's meter told beyond its live block: its second loop, its trips, its lock-outs.

use domain::ids::{HouseholdId, RoomId};
use domain::observed::{OpenReasons, Releases};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// What was last read of a household's details. Whether any of it still holds is said by the household's flags.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Details {
    /// The household.
    pub household_id: HouseholdId,
    /// When it was read, site time.
    pub seen_ms: i64,
    /// Number of the latest lock-out, which a release names; 0 before the first.
    pub lockouts: i64,
    /// The reasons to keep the second loop open.
    pub second_reasons: OpenReasons,
    /// Active power of the second loop, in mW.
    pub second_power_mw: i64,
    /// Its current, in mA.
    pub second_current_ma: i64,
    /// Until the main loop closes again after an over-current, in s.
    pub over_current_left_s: i64,
    /// Over-currents of the main loop within the window.
    pub over_current_trips: i64,
    /// Until the main loop closes again after a vicious load, in s.
    pub vicious_left_s: i64,
    /// Vicious loads of the main loop within the window.
    pub vicious_trips: i64,
    /// As for the main loop.
    pub second_over_current_left_s: i64,
    /// As for the main loop.
    pub second_over_current_trips: i64,
    /// As for the main loop.
    pub second_vicious_left_s: i64,
    /// As for the main loop.
    pub second_vicious_trips: i64,
    /// Which lock-outs the button at the meter ends.
    pub resident_release: Releases,
}

/// What was last read of a household's details; `None` when there never was anything to tell.
pub async fn of(conn: &mut AnyConnection, household: &HouseholdId) -> Result<Option<Details>, DbError> {
    let row = sql_as!(
        Details,
        "SELECT household_id, seen_ms, lockouts, second_reasons, second_power_mw, second_current_ma,
                over_current_left_s, over_current_trips, vicious_left_s, vicious_trips,
                second_over_current_left_s, second_over_current_trips, second_vicious_left_s,
                second_vicious_trips, resident_release
         FROM household_details WHERE household_id = $1",
        household.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// Writes down what was read.
pub async fn put(conn: &mut AnyConnection, details: &Details) -> Result<(), DbError> {
    sql!(
        "INSERT INTO household_details (household_id, seen_ms, lockouts, second_reasons, second_power_mw,
             second_current_ma, over_current_left_s, over_current_trips, vicious_left_s, vicious_trips,
             second_over_current_left_s, second_over_current_trips, second_vicious_left_s, second_vicious_trips,
             resident_release)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (household_id) DO UPDATE SET seen_ms = excluded.seen_ms, lockouts = excluded.lockouts,
             second_reasons = excluded.second_reasons, second_power_mw = excluded.second_power_mw,
             second_current_ma = excluded.second_current_ma,
             over_current_left_s = excluded.over_current_left_s,
             over_current_trips = excluded.over_current_trips, vicious_left_s = excluded.vicious_left_s,
             vicious_trips = excluded.vicious_trips,
             second_over_current_left_s = excluded.second_over_current_left_s,
             second_over_current_trips = excluded.second_over_current_trips,
             second_vicious_left_s = excluded.second_vicious_left_s,
             second_vicious_trips = excluded.second_vicious_trips,
             resident_release = excluded.resident_release",
        details.household_id.as_str(),
        details.seen_ms,
        details.lockouts,
        details.second_reasons.to_string(),
        details.second_power_mw,
        details.second_current_ma,
        details.over_current_left_s,
        details.over_current_trips,
        details.vicious_left_s,
        details.vicious_trips,
        details.second_over_current_left_s,
        details.second_over_current_trips,
        details.second_vicious_left_s,
        details.second_vicious_trips,
        details.resident_release.to_string(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the office releases the room's lock-outs up to the one of that number; `false` unless that is the latest
/// and a loop is locked out.
pub async fn release_lockout(conn: &mut AnyConnection, room: &RoomId, lockout: i64) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE outlets SET released_lockout = $1
         WHERE room_id = $2 AND EXISTS (SELECT 1 FROM household_details d
             JOIN household_reports r ON r.household_id = d.household_id
             WHERE d.household_id = outlets.id AND d.lockouts = $1 AND r.signs LIKE '%locked-out%')",
        lockout,
        room.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
