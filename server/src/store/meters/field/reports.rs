//! Reports: what the field layer last read back. Each overwrites the one before; readings are kept.

use domain::health::{Anomaly, MeterStatus};
use domain::ids::{CollectorId, MeterId};
use domain::supply::Reported;
use sqlx::AnyConnection;

use super::history::{self, HistoryReport};
use super::server_counts::{self, Counting};
use super::settings::{self, SettingsReport};
use crate::db::{DbError, sql};
use crate::store::meters::details::{self, Details};
use crate::store::meters::readings::{self, Reading};

/// All that a visit to a meter found out.
#[derive(Clone, Debug)]
pub struct VisitReport {
    /// The collector that answered.
    pub collector_id: CollectorId,
    /// The meter that was visited.
    pub meter_id: MeterId,
    /// When the visit ended, site time.
    pub at_ms: i64,
    /// About the meter.
    pub facts: MeterFacts,
    /// About its households, if it was read.
    pub households: Vec<Reported>,
    /// What households told beyond their state.
    pub details: Vec<Details>,
    /// About settings.
    pub settings: SettingsReport,
    /// Where the counting of the credit that the server keeps stands, where that changed.
    pub counts: Vec<Counting>,
    /// About the meter's past.
    pub history: HistoryReport,
    /// Keep readings as well, at most one a household in this span of site time: from the first until before the second.
    pub reading_span_ms: Option<(i64, i64)>,
}

/// Writes down a visit; whether all of it was taken: not what another process has overtaken.
pub async fn put_visit(conn: &mut AnyConnection, visit: &VisitReport) -> Result<bool, DbError> {
    put_collector(conn, &visit.collector_id, visit.at_ms, Some(visit.at_ms), None).await?;
    put_meter(conn, &visit.meter_id, visit.at_ms, &visit.facts).await?;
    for details in &visit.details {
        details::put(conn, details).await?;
    }
    settings::put(conn, &visit.meter_id, visit.at_ms, &visit.settings).await?;
    history::put(conn, &visit.meter_id, visit.at_ms, &visit.history).await?;
    let overtaken = server_counts::put(conn, &visit.counts).await?;
    for household in &visit.households {
        if overtaken.contains(&household.household_id) {
            continue;
        }
        put_household(conn, household).await?;
        if let Some(span_ms) = visit.reading_span_ms {
            let reading = Reading {
                at_ms: household.seen_ms,
                energy_total_wh: household.energy_total_wh,
                power_mw: household.power_mw,
            };
            readings::keep(conn, &household.household_id, &reading, span_ms).await?;
        }
    }
    Ok(overtaken.is_empty())
}

/// How a collector is doing. `seen_ms` is `None` when it did not answer: the earlier time stays.
pub async fn put_collector(
    conn: &mut AnyConnection,
    collector: &CollectorId,
    at_ms: i64,
    seen_ms: Option<i64>,
    error: Option<&str>,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO collector_reports (collector_id, at_ms, seen_ms, error) VALUES ($1, $2, $3, $4)
         ON CONFLICT (collector_id) DO UPDATE SET at_ms = excluded.at_ms,
             seen_ms = COALESCE(excluded.seen_ms, collector_reports.seen_ms), error = excluded.error",
        collector.as_str(),
        at_ms,
        seen_ms,
        error,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a visit found out about a meter. `None` where it found nothing out: then the earlier value stays, but for
/// `error` and `found_serial`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeterFacts {
    /// How it was found.
    pub status: MeterStatus,
    /// When it last answered as itself, site time.
    pub seen_ms: Option<i64>,
    /// Visits failed in a row.
    pub failures: i64,
    /// What is wrong: a code, then `: ` and details if there are any.
    pub error: Option<String>,
    /// The serial number of the meter that answered in its place.
    pub found_serial: Option<i64>,
    /// How far its clock is ahead, in seconds.
    pub clock_drift_s: Option<i64>,
    /// How often it has started.
    pub boot_count: Option<i64>,
    /// Mains frequency, in hundredths of a hertz.
    pub frequency_chz: Option<i64>,
    /// Requests made in this visit; added up over visits.
    pub requests: i64,
    /// Of these, how many failed; added up over visits.
    pub failed_requests: i64,
}

/// How a meter is doing.
pub async fn put_meter(
    conn: &mut AnyConnection,
    meter: &MeterId,
    at_ms: i64,
    facts: &MeterFacts,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO meter_reports (meter_id, status, at_ms, seen_ms, failures, error, found_serial, clock_drift_s,
             boot_count, frequency_chz, requests, failed_requests)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (meter_id) DO UPDATE SET status = excluded.status, at_ms = excluded.at_ms,
             seen_ms = COALESCE(excluded.seen_ms, meter_reports.seen_ms), failures = excluded.failures,
             error = excluded.error, found_serial = excluded.found_serial,
             clock_drift_s = COALESCE(excluded.clock_drift_s, meter_reports.clock_drift_s),
             boot_count = COALESCE(excluded.boot_count, meter_reports.boot_count),
             frequency_chz = COALESCE(excluded.frequency_chz, meter_reports.frequency_chz),
             requests = meter_reports.requests + excluded.requests,
             failed_requests = meter_reports.failed_requests + excluded.failed_requests",
        meter.as_str(),
        facts.status.as_str(),
        at_ms,
        facts.seen_ms,
        facts.failures,
        facts.error.as_deref(),
        facts.found_serial,
        facts.clock_drift_s,
        facts.boot_count,
        facts.frequency_chz,
        facts.requests,
        facts.failed_requests,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Nothing behind the collector answers: every meter on its line is offline.
pub async fn meters_offline(
    conn: &mut AnyConnection,
    collector: &CollectorId,
    at_ms: i64,
    error: &str,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO meter_reports (meter_id, status, at_ms, failures, error, requests, failed_requests)
         SELECT m.id, 'offline', CAST($1 AS BIGINT), 0, CAST($2 AS TEXT), 0, 0 FROM meters m WHERE m.collector_id = $3
         ON CONFLICT (meter_id) DO UPDATE SET status = excluded.status, at_ms = excluded.at_ms,
             error = excluded.error, found_serial = NULL",
        at_ms,
        error,
        collector.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a household's meter said of it.
pub async fn put_household(conn: &mut AnyConnection, report: &Reported) -> Result<(), DbError> {
    sql!(
        "INSERT INTO household_reports (household_id, seen_ms, epoch, credited_wh, debited_wh, used_wh,
             energy_total_wh, relay_commanded, relay_closed, relay_fault, open_reasons, supply_mode,
             supply_generation, supply_until_s, power_mw, voltage1_mv, voltage2_mv, voltage3_mv, current1_ma,
             current2_ma, current3_ma, power_factor_milli, signs, reminder, anomaly)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22, $23, $24, $25)
         ON CONFLICT (household_id) DO UPDATE SET seen_ms = excluded.seen_ms, epoch = excluded.epoch,
             credited_wh = excluded.credited_wh, debited_wh = excluded.debited_wh, used_wh = excluded.used_wh,
             energy_total_wh = excluded.energy_total_wh, relay_commanded = excluded.relay_commanded,
             relay_closed = excluded.relay_closed, relay_fault = excluded.relay_fault,
             open_reasons = excluded.open_reasons, supply_mode = excluded.supply_mode,
             supply_generation = excluded.supply_generation, supply_until_s = excluded.supply_until_s,
             power_mw = excluded.power_mw, voltage1_mv = excluded.voltage1_mv,
             voltage2_mv = excluded.voltage2_mv, voltage3_mv = excluded.voltage3_mv,
             current1_ma = excluded.current1_ma, current2_ma = excluded.current2_ma,
             current3_ma = excluded.current3_ma, power_factor_milli = excluded.power_factor_milli,
             signs = excluded.signs, reminder = excluded.reminder, anomaly = excluded.anomaly",
        report.household_id.as_str(),
        report.seen_ms,
        report.epoch,
        report.credited_wh,
        report.debited_wh,
        report.used_wh,
        report.energy_total_wh,
        report.relay_commanded,
        report.relay_closed,
        report.relay_fault,
        report.open_reasons.to_string(),
        report.supply_mode.as_str(),
        report.supply_generation,
        report.supply_until_s,
        report.power_mw,
        report.voltage1_mv,
        report.voltage2_mv,
        report.voltage3_mv,
        report.current1_ma,
        report.current2_ma,
        report.current3_ma,
        report.power_factor_milli,
        report.signs.to_string(),
        report.reminder,
        report.anomaly.map(Anomaly::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}
