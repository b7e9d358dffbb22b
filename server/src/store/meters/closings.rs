//! Closing snapshots: how an epoch stood when its meter closed it. Written once, by the field layer.

use domain::ids::HouseholdId;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// How an epoch stood at the instant it was closed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Closing {
    /// The household.
    pub household_id: HouseholdId,
    /// The epoch that was closed.
    pub epoch: i64,
    /// Ever credited in it, in Wh.
    pub credited_wh: i64,
    /// Ever taken back in it, in Wh.
    pub debited_wh: i64,
    /// Used in it, in Wh.
    pub used_wh: i64,
    /// The running meter at that instant, in Wh.
    pub energy_total_wh: i64,
    /// When, by the meter's clock; `None` when it did not know the time.
    pub closed_ms: Option<i64>,
    /// When it was read, site time.
    pub read_ms: i64,
}

impl Closing {
    /// When the epoch ended, as well as it is known.
    #[must_use]
    pub fn at_ms(&self) -> i64 {
        self.closed_ms.unwrap_or(self.read_ms)
    }
}

/// Writes a closing down, unless that epoch's stands there already; what stands there then.
pub async fn keep(conn: &mut AnyConnection, closing: &Closing) -> Result<Closing, DbError> {
    sql!(
        "INSERT INTO closings (household_id, epoch, credited_wh, debited_wh, used_wh, energy_total_wh, closed_ms, read_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (household_id, epoch) DO NOTHING",
        closing.household_id.as_str(),
        closing.epoch,
        closing.credited_wh,
        closing.debited_wh,
        closing.used_wh,
        closing.energy_total_wh,
        closing.closed_ms,
        closing.read_ms,
    )
    .execute(&mut *conn)
    .await?;
    let kept = get(conn, &closing.household_id, closing.epoch).await?;
    kept.ok_or_else(|| DbError::Corrupt(format!("closing of {} lost", closing.household_id)))
}

/// Notes that all that the household's meter closed before `epoch` is known.
pub async fn know_before(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    epoch: i64,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO closings_known (household_id, epoch) VALUES ($1, $2)
         ON CONFLICT (household_id) DO UPDATE SET epoch = excluded.epoch",
        household.as_str(),
        epoch,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How an epoch was closed, if that has been read.
pub async fn get(
    conn: &mut AnyConnection,
    household: &HouseholdId,
    epoch: i64,
) -> Result<Option<Closing>, DbError> {
    let row = sql_as!(
        Closing,
        "SELECT household_id, epoch, credited_wh, debited_wh, used_wh, energy_total_wh, closed_ms, read_ms
         FROM closings WHERE household_id = $1 AND epoch = $2",
        household.as_str(),
        epoch,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}
