//! What meters remember: how far it was fetched, and keeping what a visit fetched.

use domain::ids::{HouseholdId, MeterId};
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};
use crate::store::meters::{displays, events, hourly, memory_losses};

/// What the server knows of a meter's past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// How often its events began anew.
    pub life: i64,
    /// The latest event of this life that is kept; 0 before the first.
    pub event_number: i64,
    /// The latest full hour that was asked for, or when the meter was entered; site time.
    pub hour_ms: i64,
    /// How often it had started when it was last read.
    pub boot_count: Option<i64>,
    /// The totals of its households when they were last read.
    pub totals: Vec<LastTotals>,
}

impl Remembered {
    /// How far it was fetched: life, event, hour.
    #[must_use]
    pub fn reached(&self) -> (i64, i64, i64) {
        (self.life, self.event_number, self.hour_ms)
    }
}

/// A household's totals when they were last read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LastTotals {
    /// The household.
    pub household_id: HouseholdId,
    /// Which of the meter's outlets, from 0.
    pub position: i64,
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
}

/// What is known of a meter's past.
pub async fn remembered(conn: &mut AnyConnection, meter: &MeterId) -> Result<Remembered, DbError> {
    let (life, event_number, hour_ms, boot_count) = sql_as!(
        (i64, i64, i64, Option<i64>),
        "SELECT COALESCE(h.life, 0) AS life, COALESCE(h.event_number, 0) AS event_number,
                COALESCE(h.hour_ms, m.created_ms) AS hour_ms, r.boot_count
         FROM meters m LEFT JOIN meter_histories h ON h.meter_id = m.id
         LEFT JOIN meter_reports r ON r.meter_id = m.id WHERE m.id = $1",
        meter.as_str(),
    )
    .fetch_one(&mut *conn)
    .await?;
    let totals = sql_as!(
        LastTotals,
        "SELECT r.household_id, h.position, r.epoch, r.credited_wh, r.debited_wh, r.used_wh, r.energy_total_wh
         FROM household_reports r JOIN outlets h ON h.id = r.household_id
         WHERE h.meter_id = $1 ORDER BY h.position",
        meter.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(Remembered { life, event_number, hour_ms, boot_count, totals })
}

/// What a visit fetched of a meter's past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryReport {
    /// How far it was fetched: life, event, hour. `None` if no further than before.
    pub reached: Option<(i64, i64, i64)>,
    /// Events, the oldest first.
    pub events: Vec<events::NewEvent>,
    /// Totals at full hours.
    pub hours: Vec<hourly::NewHour>,
    /// Pages of the display.
    pub pages: Vec<displays::NewPage>,
    /// The meter has lost its memory.
    pub loss: Option<memory_losses::NewLoss>,
}

/// Keeps what a visit fetched; what is kept already stays.
pub(super) async fn put(
    conn: &mut AnyConnection,
    meter: &MeterId,
    at_ms: i64,
    report: &HistoryReport,
) -> Result<(), DbError> {
    if let Some(loss) = &report.loss {
        memory_losses::put(conn, meter, at_ms, loss).await?;
    }
    for event in &report.events {
        events::keep(conn, meter, at_ms, event).await?;
    }
    for hour in &report.hours {
        hourly::keep(conn, meter, hour).await?;
    }
    for page in &report.pages {
        displays::put(conn, meter, at_ms, page).await?;
    }
    match report.reached {
        Some(reached) => put_reached(conn, meter, reached).await,
        None => Ok(()),
    }
}

async fn put_reached(
    conn: &mut AnyConnection,
    meter: &MeterId,
    (life, event_number, hour_ms): (i64, i64, i64),
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO meter_histories (meter_id, life, event_number, hour_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (meter_id) DO UPDATE SET life = excluded.life, event_number = excluded.event_number,
             hour_ms = excluded.hour_ms",
        meter.as_str(),
        life,
        event_number,
        hour_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
