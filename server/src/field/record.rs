//! What a visit found out, as the rows to be written.

use domain::supply::Reported;

use super::details::{self, awaiting};
use super::history::uncounted;
use super::planner::clock_drift_s;
use super::snapshot;
use super::trouble;
use super::visit::{End, Met, Visit};
use crate::store::meters::details::Details;
use crate::store::meters::field::{
    HistoryReport, LastTotals, MeterFacts, ONLINE, Remembered, SettingsReport, WRONG_METER,
};

/// A household has at most one reading in each of these spans of site time: a quarter of an hour.
const READING_SPAN_MS: i64 = 15 * 60 * 1000;

/// The span of readings that a time falls into: from the first until before the second.
pub(super) fn reading_span_ms(at_ms: i64) -> (i64, i64) {
    let from_ms = at_ms.div_euclid(READING_SPAN_MS) * READING_SPAN_MS;
    (from_ms, from_ms + READING_SPAN_MS)
}

/// About the meter. `failures` in a row so far; `while_silent` is its status if it did not answer.
pub(super) fn facts(visit: &Visit, failures: u32, while_silent: &'static str) -> MeterFacts {
    let counts = MeterFacts {
        failures: failures.into(),
        requests: visit.requests,
        failed_requests: visit.failed_requests,
        ..MeterFacts::default()
    };
    match &visit.end {
        End::Met(met) => met_facts(met, counts),
        End::WrongMeter(serial) => {
            let error = Some(trouble::text(WRONG_METER, &format!("{serial:012}")));
            MeterFacts { status: WRONG_METER, error, found_serial: i64::try_from(*serial).ok(), ..counts }
        }
        End::NotAMeter => {
            MeterFacts { status: WRONG_METER, error: Some(trouble::NOT_A_METER.to_owned()), ..counts }
        }
        End::Silent(error) => {
            MeterFacts { status: while_silent, error: Some(trouble::of_link(error)), ..counts }
        }
    }
}

fn met_facts(met: &Met, counts: MeterFacts) -> MeterFacts {
    let header = &met.snapshot.header;
    MeterFacts {
        status: ONLINE,
        seen_ms: Some(met.read_ms),
        error: met.trouble.clone(),
        clock_drift_s: clock_drift_s(header, met.read_ms.div_euclid(1000)),
        boot_count: Some(header.boot_count.into()),
        frequency_chz: Some(header.frequency_chz.into()),
        ..counts
    }
}

/// About the households, if the meter was read.
pub(super) fn households(visit: &Visit) -> Vec<Reported> {
    let End::Met(met) = &visit.end else { return Vec::new() };
    let rows = met.wanted.iter().filter_map(|wanted| {
        let index = usize::try_from(wanted.position).ok()?;
        let state = met.snapshot.households.get(index)?;
        let anomaly = met.anomalies.get(index).copied().flatten();
        let detail = met.details.get(index).and_then(Option::as_ref);
        let reminder = detail.map_or(0, |detail| awaiting(state, detail));
        let (id, uncounted_wh) = (wanted.desired.household_id.clone(), uncounted(wanted, state.epoch.into()));
        Some(snapshot::report(id, uncounted_wh, met.read_ms, state, reminder, anomaly))
    });
    rows.collect()
}

/// About the meter's past, and what is known of it once that is written.
pub(super) fn history(visit: &mut Visit, households: &[Reported]) -> (HistoryReport, Option<Remembered>) {
    let End::Met(met) = &mut visit.end else { return (HistoryReport::default(), None) };
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
    let boot_count = Some(met.snapshot.header.boot_count.into());
    let remembered = Remembered { boot_count, totals: totals.collect(), ..met.remembered.clone() };
    (std::mem::take(&mut met.history), Some(remembered))
}

/// What households told beyond their state.
pub(super) fn told(visit: &Visit) -> Vec<Details> {
    let End::Met(met) = &visit.end else { return Vec::new() };
    let rows = met.wanted.iter().filter_map(|wanted| {
        let detail = met.details.get(usize::try_from(wanted.position).ok()?)?.as_ref()?;
        Some(details::report(wanted.desired.household_id.clone(), met.read_ms, detail))
    });
    rows.collect()
}

/// About settings, if any were read.
pub(super) fn settings(visit: &mut Visit) -> SettingsReport {
    match &mut visit.end {
        End::Met(met) => std::mem::take(&mut met.settings),
        End::WrongMeter(_) | End::NotAMeter | End::Silent(_) => SettingsReport::default(),
    }
}
