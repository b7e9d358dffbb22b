//! What a visit found out, as the rows to be written.

use domain::health::MeterStatus;
use domain::supply::Reported;

use super::loss::uncounted;
use super::met::{Met, Visit};
use super::observation::Observation;
use super::reading::Unread;
use super::trouble;
use crate::store::meters::details::Details;
use crate::store::meters::field::{
    Counting, HistoryReport, LastTotals, MeterFacts, Remembered, SettingsReport,
};

/// A household has at most one reading in each of these spans of site time: a quarter of an hour.
const READING_SPAN_MS: i64 = 15 * 60 * 1000;

/// The span of readings that a time falls into: from the first until before the second.
pub(super) fn reading_span_ms(at_ms: i64) -> (i64, i64) {
    let from_ms = at_ms.div_euclid(READING_SPAN_MS) * READING_SPAN_MS;
    (from_ms, from_ms + READING_SPAN_MS)
}

/// About the meter. `failures` in a row so far; `while_silent` is its status if it did not answer.
pub(super) fn facts(visit: &Visit, failures: u32, while_silent: MeterStatus) -> MeterFacts {
    let counts = MeterFacts {
        failures: failures.into(),
        requests: visit.requests,
        failed_requests: visit.failed_requests,
        ..MeterFacts::default()
    };
    match &visit.end {
        Ok(met) => met_facts(met, counts),
        Err(Unread::WrongMeter(serial)) => {
            let error = Some(trouble::text(MeterStatus::WrongMeter.as_str(), &format!("{serial:012}")));
            MeterFacts {
                status: MeterStatus::WrongMeter,
                error,
                found_serial: i64::try_from(*serial).ok(),
                ..counts
            }
        }
        Err(Unread::NotAMeter) => MeterFacts {
            status: MeterStatus::WrongMeter,
            error: Some(trouble::NOT_A_METER.to_owned()),
            ..counts
        },
        Err(Unread::Silent(error)) => {
            MeterFacts { status: while_silent, error: Some(trouble::of_link(error)), ..counts }
        }
    }
}

fn met_facts(met: &Met<Observation>, counts: MeterFacts) -> MeterFacts {
    let seen = &met.seen;
    MeterFacts {
        status: MeterStatus::Online,
        seen_ms: Some(met.read_ms),
        error: met.trouble.clone(),
        clock_drift_s: seen.clock_s.map(|clock_s| clock_s - met.read_ms.div_euclid(1000)),
        boot_count: seen.boot_count,
        frequency_chz: seen.frequency_chz,
        ..counts
    }
}

/// About a meter of a kind that this program has no driver for.
pub(super) fn undriven(kind: &str, failures: u32) -> MeterFacts {
    let error = Some(trouble::text(trouble::NO_DRIVER, kind));
    MeterFacts { status: MeterStatus::Offline, failures: failures.into(), error, ..MeterFacts::default() }
}

/// About the households, if the meter was read.
pub(super) fn households(visit: &Visit) -> Vec<Reported> {
    let Ok(met) = &visit.end else { return Vec::new() };
    let rows = met.wanted.iter().filter_map(|wanted| {
        let outlet = met.seen.outlets.get(usize::try_from(wanted.position).ok()?)?;
        let anomaly = met.anomalies.get(&wanted.position).copied();
        let uncounted_wh = outlet.credit.map_or(0, |credit| uncounted(wanted, credit.epoch));
        Some(outlet.report(wanted.desired.household_id.clone(), uncounted_wh, met.read_ms, anomaly))
    });
    rows.collect()
}

/// About the meter's past, and what is known of it once that is written.
pub(super) fn history(visit: &mut Visit, households: &[Reported]) -> (HistoryReport, Option<Remembered>) {
    let Ok(met) = &mut visit.end else { return (HistoryReport::default(), None) };
    let totals = met.wanted.iter().filter_map(|wanted| {
        let said = households.iter().find(|said| said.household_id == wanted.desired.household_id)?;
        Some(LastTotals {
            household_id: said.household_id.clone(),
            position: wanted.position,
            epoch: said.epoch,
            credited_wh: said.credited_wh,
            debited_wh: said.debited_wh,
            used_wh: said.used_wh,
            energy_total_wh: said.energy_total_wh,
        })
    });
    let boot_count = met.seen.boot_count.or(met.remembered.boot_count);
    let remembered = Remembered { boot_count, totals: totals.collect(), ..met.remembered.clone() };
    (std::mem::take(&mut met.history), Some(remembered))
}

/// What households told beyond their state.
pub(super) fn told(visit: &mut Visit) -> Vec<Details> {
    match &mut visit.end {
        Ok(met) => std::mem::take(&mut met.told).into_values().collect(),
        Err(_) => Vec::new(),
    }
}

/// About settings, if any were read.
pub(super) fn settings(visit: &mut Visit) -> SettingsReport {
    match &mut visit.end {
        Ok(met) => std::mem::take(&mut met.settings),
        Err(_) => SettingsReport::default(),
    }
}

/// Where the counting of the credit that the server keeps stands, where that changed.
pub(super) fn counts(visit: &Visit) -> Vec<Counting> {
    let Ok(met) = &visit.end else { return Vec::new() };
    let rows = met.wanted.iter().filter_map(|wanted| {
        let counted = met.counted.get(&wanted.position)?;
        Some(Counting {
            household_id: wanted.desired.household_id.clone(),
            before: wanted.counted(),
            now: counted.count?,
            closing: counted.closing.clone(),
        })
    });
    rows.collect()
}
