//! Writes down what a visit found out: everything in one transaction.

use sqlx::AnyConnection;

use super::planner::clock_drift_s;
use super::snapshot;
use super::visit::{End, Met, Visit};
use super::{Shared, trouble};
use crate::db::DbError;
use crate::ids::{CollectorId, MeterId};
use crate::store::field::{self as store, MeterFacts, NewReading};
use crate::supply::Reported;

/// A household has at most one reading in each of these spans of site time: a quarter of an hour.
const READING_SPAN_MS: i64 = 15 * 60 * 1000;

/// The meter answered when last asked.
pub(super) const ONLINE: &str = "online";
/// It did not, for some time.
pub(super) const OFFLINE: &str = "offline";
/// Another meter, or something else, answers in its place.
pub(super) const WRONG_METER: &str = "wrong-meter";

/// What is written after a visit.
pub(super) struct Record {
    collector: CollectorId,
    meter: MeterId,
    at_ms: i64,
    facts: MeterFacts,
    households: Vec<Reported>,
    with_readings: bool,
}

impl Record {
    /// `failures` in a row so far; `status_before` stays while a meter is silent for too short to be called offline.
    pub(super) fn of(
        visit: &Visit,
        at_ms: i64,
        ids: (&CollectorId, &MeterId),
        failures: u32,
        status_while_silent: &'static str,
    ) -> Self {
        let counts = MeterFacts {
            failures: failures.into(),
            requests: visit.requests,
            failed_requests: visit.failed_requests,
            ..MeterFacts::default()
        };
        let (facts, households) = match &visit.end {
            End::Met(met) => (met_facts(met, counts), reports(met)),
            End::WrongMeter(serial) => {
                let error = trouble::text(WRONG_METER, &format!("{serial:012}"));
                let found_serial = i64::try_from(*serial).ok();
                (MeterFacts { status: WRONG_METER, error: Some(error), found_serial, ..counts }, vec![])
            }
            End::NotAMeter => {
                (MeterFacts { status: WRONG_METER, error: Some("not-a-meter".to_owned()), ..counts }, vec![])
            }
            End::Silent(error) => {
                let error = Some(trouble::of_link(error));
                (MeterFacts { status: status_while_silent, error, ..counts }, vec![])
            }
        };
        let (collector, meter) = (ids.0.clone(), ids.1.clone());
        Self { collector, meter, at_ms, facts, households, with_readings: false }
    }

    /// The meter's status that is written.
    pub(super) fn status(&self) -> &'static str {
        self.facts.status
    }

    /// What is wrong, if anything.
    pub(super) fn error(&self) -> Option<&str> {
        self.facts.error.as_deref()
    }

    /// The span of readings that this visit falls into.
    pub(super) fn span(&self) -> i64 {
        self.at_ms.div_euclid(READING_SPAN_MS)
    }

    /// Keeps readings as well.
    pub(super) fn with_readings(self, with_readings: bool) -> Self {
        Self { with_readings, ..self }
    }

    pub(super) async fn write(self, shared: &Shared) -> Result<(), DbError> {
        shared.db.write(self, |record, conn| Box::pin(record.put(conn))).await
    }

    async fn put(&self, conn: &mut AnyConnection) -> Result<(), DbError> {
        store::put_collector(conn, &self.collector, self.at_ms, Some(self.at_ms), None).await?;
        store::put_meter(conn, &self.meter, self.at_ms, &self.facts).await?;
        for household in &self.households {
            store::put_household(conn, household).await?;
            if self.with_readings {
                store::put_reading(conn, &self.reading(household)).await?;
            }
        }
        Ok(())
    }

    fn reading<'a>(&self, household: &'a Reported) -> NewReading<'a> {
        let span_from_ms = self.span() * READING_SPAN_MS;
        NewReading {
            household_id: &household.household_id,
            at_ms: household.seen_ms,
            energy_total_wh: household.energy_total_wh,
            power_mw: household.power_mw,
            span_from_ms,
            span_until_ms: span_from_ms + READING_SPAN_MS,
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

fn reports(met: &Met) -> Vec<Reported> {
    let rows = met.wanted.iter().filter_map(|wanted| {
        let index = usize::try_from(wanted.position).ok()?;
        let state = met.snapshot.households.get(index)?;
        let anomaly = met.anomalies.get(index).copied().flatten();
        Some(snapshot::report(wanted.desired.household_id.clone(), met.read_ms, state, anomaly))
    });
    rows.collect()
}
