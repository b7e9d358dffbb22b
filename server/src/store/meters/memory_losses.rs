//! Meters that lost their memory, what their households had before, and what they used that the meter forgot.

use domain::ids::{HouseholdId, MeterId, OperationId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::store::meters::closings::{self, Closing};
use crate::store::meters::households;

/// A loss that a visit noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLoss {
    /// An id for it; not used when an earlier loss still waits for a decision.
    pub id: String,
    /// How often the meter had started when it was read before.
    pub boots_before: Option<i64>,
    /// How often it has now.
    pub boots_found: i64,
    /// The households that fell.
    pub households: Vec<Fallen>,
}

/// What a household had before it fell.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Fallen {
    /// The household.
    pub household_id: HouseholdId,
    /// Its epoch.
    pub epoch: i64,
    /// Credited in it, in Wh.
    pub credited_wh: i64,
    /// Debited in it, in Wh.
    pub debited_wh: i64,
    /// Used in it, in Wh.
    pub used_wh: i64,
    /// The running meter, in Wh.
    pub energy_total_wh: i64,
    /// Of what was used in the epoch, what the meter no longer counts, in Wh.
    pub forgotten_wh: i64,
}

/// A loss that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Loss {
    /// Its id.
    pub id: String,
    /// When it was noticed, site time.
    pub noticed_ms: i64,
    /// How often the meter had started before.
    pub boots_before: Option<i64>,
    /// How often it had when it was noticed.
    pub boots_found: i64,
}

/// A household that fell, and whom it serves.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FallenRoom {
    /// Which of the meter's outlets, from 0.
    pub position: i64,
    /// Its phases: 1 or 3.
    pub phases: i64,
    /// The room's name, if it serves one.
    pub room_name: Option<String>,
    /// What it had.
    #[sqlx(flatten)]
    pub had: Fallen,
}

/// The loss of a meter that waits for a decision.
pub async fn open(conn: &mut AnyConnection, meter: &MeterId) -> Result<Option<Loss>, DbError> {
    let row = sql_as!(
        Loss,
        "SELECT id, noticed_ms, boots_before, boots_found FROM memory_losses
         WHERE meter_id = $1 AND restored_by IS NULL",
        meter.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// The households that fell in a loss, by position.
pub async fn fallen(conn: &mut AnyConnection, loss: &str) -> Result<Vec<FallenRoom>, DbError> {
    let rows = sql_as!(
        FallenRoom,
        "SELECT h.position, h.phases, r.name AS room_name, f.household_id, f.epoch, f.credited_wh, f.debited_wh, f.used_wh,
                f.energy_total_wh, f.forgotten_wh
         FROM memory_loss_households f JOIN outlets h ON h.id = f.household_id
         LEFT JOIN rooms r ON r.id = h.room_id WHERE f.loss_id = $1 ORDER BY h.position",
        loss,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Closes a meter's open loss by an operation: what its households used and the meter forgot counts from now on. An epoch
/// that the office has ended meanwhile ends with what was known last: the meter can no longer close it. `false` when the
/// loss is not open any more.
pub async fn restore(
    conn: &mut AnyConnection,
    meter: &MeterId,
    loss: &str,
    operation: &OperationId,
    now_ms: i64,
) -> Result<bool, DbError> {
    let done = sql!(
        "UPDATE memory_losses SET restored_by = $1 WHERE id = $2 AND meter_id = $3 AND restored_by IS NULL",
        operation.as_str(),
        loss,
        meter.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    // The meter numbers these anew: an old number must not answer a new lock-out or reminder.
    sql!(
        "UPDATE outlets SET released_lockout = 0, acknowledged_reminder = 0 WHERE meter_id = $1",
        meter.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    for FallenRoom { had, .. } in fallen(conn, loss).await? {
        let ended = households::desired(conn, &had.household_id).await?.epoch > had.epoch;
        if ended {
            closings::keep(conn, &closing(had, now_ms)).await?;
        } else {
            forget(conn, &had).await?;
        }
    }
    Ok(true)
}

fn closing(had: Fallen, now_ms: i64) -> Closing {
    Closing {
        household_id: had.household_id,
        epoch: had.epoch,
        credited_wh: had.credited_wh,
        debited_wh: had.debited_wh,
        used_wh: had.used_wh,
        energy_total_wh: had.energy_total_wh,
        closed_ms: None,
        read_ms: now_ms,
    }
}

/// Counts what was forgotten in an epoch on top of what was forgotten in it before.
async fn forget(conn: &mut AnyConnection, had: &Fallen) -> Result<(), DbError> {
    sql!(
        "INSERT INTO forgotten_uses (household_id, epoch, used_wh) VALUES ($1, $2, $3)
         ON CONFLICT (household_id) DO UPDATE SET
             used_wh = excluded.used_wh + CASE WHEN forgotten_uses.epoch = excluded.epoch
                                          THEN forgotten_uses.used_wh ELSE 0 END,
             epoch = excluded.epoch",
        had.household_id.as_str(),
        had.epoch,
        had.forgotten_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a household used in an epoch before its meter forgot it, in Wh: to be added to what the meter says was used,
/// and taken off what it says was debited.
pub async fn forgotten_wh(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    epoch: i64,
) -> Result<i64, DbError> {
    let row = sql_as!(
        (i64,),
        "SELECT used_wh FROM forgotten_uses WHERE household_id = $1 AND epoch = $2",
        household.as_str(),
        epoch,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or(0, |(used_wh,)| used_wh))
}

/// Notes a loss. While an earlier one waits for a decision, what fell once more is counted with it.
pub(crate) async fn put(
    conn: &mut AnyConnection,
    meter: &MeterId,
    at_ms: i64,
    loss: &NewLoss,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO memory_losses (id, meter_id, noticed_ms, boots_before, boots_found) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        loss.id.as_str(),
        meter.as_str(),
        at_ms,
        loss.boots_before,
        loss.boots_found,
    )
    .execute(&mut *conn)
    .await?;
    let Some(open) = open(conn, meter).await? else { return Ok(()) };
    for fallen in &loss.households {
        put_fallen(conn, &open.id, fallen).await?;
    }
    Ok(())
}

async fn put_fallen(conn: &mut AnyConnection, loss: &str, fallen: &Fallen) -> Result<(), DbError> {
    sql!(
        "INSERT INTO memory_loss_households (loss_id, household_id, epoch, credited_wh, debited_wh, used_wh,
             energy_total_wh, forgotten_wh)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (loss_id, household_id) DO UPDATE SET
             forgotten_wh = memory_loss_households.forgotten_wh
                 + CASE WHEN memory_loss_households.epoch = excluded.epoch THEN excluded.forgotten_wh ELSE 0 END",
        loss,
        fallen.household_id.as_str(),
        fallen.epoch,
        fallen.credited_wh,
        fallen.debited_wh,
        fallen.used_wh,
        fallen.energy_total_wh,
        fallen.forgotten_wh,
    )
    .execute(conn)
    .await?;
    Ok(())
}
