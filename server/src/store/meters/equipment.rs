//! Collectors and meters, with their health.

use domain::health::MeterStatus;
use domain::ids::{CollectorId, MeterId};
use domain::meter_kind::Features;
use sqlx::AnyConnection;

use crate::db::{DbError, sql, sql_as};

/// How a collector may be spoken to.
pub const TRANSPORTS: [&str; 2] = ["modbus-tcp", "rtu-over-tcp"];

/// A collector and how it is doing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Collector {
    /// Its id.
    pub id: CollectorId,
    /// Its name.
    pub name: String,
    /// `modbus-tcp` or `rtu-over-tcp`.
    pub transport: String,
    /// `host:port`.
    pub address: String,
    /// 1 when it is to be driven.
    pub enabled: i64,
    /// When its state was last written, site time.
    pub at_ms: Option<i64>,
    /// When it last answered, site time.
    pub seen_ms: Option<i64>,
    /// What keeps it from answering.
    pub error: Option<String>,
    /// How many meters stand behind it.
    pub meters: i64,
}

/// A meter and how it is doing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Meter {
    /// Its id.
    pub id: MeterId,
    /// Its kind.
    pub kind: String,
    /// What the office can do with it.
    pub features: Features,
    /// Its serial number.
    pub serial: i64,
    /// Its collector.
    pub collector_id: CollectorId,
    /// Its collector's name.
    pub collector_name: String,
    /// Its unit id on the line.
    pub unit: i64,
    /// How it was found; `None` when it was never asked.
    pub status: Option<MeterStatus>,
    /// When it last answered, site time.
    pub seen_ms: Option<i64>,
    /// Failures in a row.
    pub failures: Option<i64>,
    /// What keeps it from answering.
    pub error: Option<String>,
    /// The serial number found at its unit id when it is another.
    pub found_serial: Option<i64>,
    /// How far its clock is off, in seconds.
    pub clock_drift_s: Option<i64>,
    /// How often it has started.
    pub boot_count: Option<i64>,
    /// Mains frequency, in hundredths of a hertz.
    pub frequency_chz: Option<i64>,
    /// Requests made to it.
    pub requests: Option<i64>,
    /// Requests that failed.
    pub failed_requests: Option<i64>,
    /// When it last confirmed that it holds the settings that were read back, site time.
    pub settings_ms: Option<i64>,
    /// How many of its outlets serve a room.
    pub rooms: i64,
    /// 1 when it has lost its memory and nobody has decided yet: it gets no credit.
    pub memory_lost: i64,
}

/// Every collector, by name.
pub async fn collectors(conn: &mut AnyConnection) -> Result<Vec<Collector>, DbError> {
    let rows = sql_as!(
        Collector,
        "SELECT c.id, c.name, c.transport, c.address, c.enabled, r.at_ms, r.seen_ms, r.error,
                (SELECT COUNT(*) FROM meters m WHERE m.collector_id = c.id) AS meters
         FROM collectors c LEFT JOIN collector_reports r ON r.collector_id = c.id ORDER BY c.name",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// Every meter, by collector and unit.
pub async fn meters(conn: &mut AnyConnection) -> Result<Vec<Meter>, DbError> {
    let rows = sql_as!(
        Meter,
        "SELECT m.id, m.kind, mk.features, m.serial, m.collector_id, c.name AS collector_name, m.unit, r.status, r.seen_ms, r.failures,
                r.error, r.found_serial, r.clock_drift_s, r.boot_count, r.frequency_chz, r.requests,
                r.failed_requests, r.settings_ms,
                (SELECT COUNT(*) FROM outlets h WHERE h.meter_id = m.id AND h.room_id IS NOT NULL) AS rooms,
                (SELECT COUNT(*) FROM memory_losses l WHERE l.meter_id = m.id AND l.restored_by IS NULL)
                    AS memory_lost
         FROM meters m JOIN meter_kinds mk ON mk.kind = m.kind JOIN collectors c ON c.id = m.collector_id
         LEFT JOIN meter_reports r ON r.meter_id = m.id ORDER BY c.name, m.unit",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// One meter.
pub async fn meter_status(
    conn: &mut AnyConnection,
    id: &MeterId,
) -> Result<Option<(MeterStatus, Option<i64>)>, DbError> {
    let row = sql_as!(
        (MeterStatus, Option<i64>),
        "SELECT status, seen_ms FROM meter_reports WHERE meter_id = $1",
        id.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row)
}

/// A collector to be written.
#[derive(Clone, Debug)]
pub struct NewCollector<'a> {
    /// Its id.
    pub id: &'a CollectorId,
    /// Its name.
    pub name: &'a str,
    /// `modbus-tcp` or `rtu-over-tcp`.
    pub transport: &'a str,
    /// `host:port`.
    pub address: &'a str,
    /// 1 when it is to be driven.
    pub enabled: i64,
}

/// Adds a collector.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn add_collector(
    conn: &mut AnyConnection,
    new: &NewCollector<'_>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO collectors (id, name, transport, address, enabled, created_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.as_str(),
        new.name,
        new.transport,
        new.address,
        new.enabled,
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a collector; `false` when there is none of that id.
///
/// # Errors
/// A unique violation when the name is taken.
pub async fn change_collector(conn: &mut AnyConnection, new: &NewCollector<'_>) -> Result<bool, sqlx::Error> {
    let done = sql!(
        "UPDATE collectors SET name = $1, transport = $2, address = $3, enabled = $4 WHERE id = $5",
        new.name,
        new.transport,
        new.address,
        new.enabled,
        new.id.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A meter to be written.
#[derive(Clone, Debug)]
pub struct NewMeter<'a> {
    /// Its id.
    pub id: &'a MeterId,
    /// Its kind.
    pub kind: &'a str,
    /// Its serial number.
    pub serial: i64,
    /// The collector in front of it.
    pub collector: &'a CollectorId,
    /// Its unit id on the line.
    pub unit: i64,
}

/// Adds a meter.
///
/// # Errors
/// A unique violation when the serial number, or the unit id behind this collector, is taken.
pub async fn add_meter(conn: &mut AnyConnection, new: &NewMeter<'_>, now_ms: i64) -> Result<(), sqlx::Error> {
    sql!(
        "INSERT INTO meters (id, kind, serial, collector_id, unit, created_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.as_str(),
        new.kind,
        new.serial,
        new.collector.as_str(),
        new.unit,
        now_ms,
    )
    .execute(conn)
    .await?;
    Ok(())
}
