//! One collector's driver: owns its link, visits its meters in turn, and writes down what it finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::health::MeterStatus;
use fastrand::Rng;
use line::{Link, LinkError, UnknownTransport};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::{debug, error, info, warn};

use super::call::Call;
use super::config::FieldConfig;
use super::drivers::Memory;
use super::history::Allowance;
use super::met::Visit;
use super::reading::Unread;
use super::record;
use super::schedule::{Next, Outcome, Schedule};
use super::shared::Shared;
use super::trouble;
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::{Line, LineMeter, MeterFacts, Remembered, SiteDays, VisitReport};

/// A meter is called offline after so many failed visits in a row; fewer may be noise on the line.
const FAILURES_TO_OFFLINE: u32 = 3;
/// The meters of a collector are called offline after so many failures to reach it in a row.
const FAILURES_TO_ALL_OFFLINE: u32 = 2;

/// A meter on this line and what this process has seen of it.
struct Known {
    row: LineMeter,
    status: Option<MeterStatus>,
    last_reading_span_ms: Option<(i64, i64)>,
    /// What its driver knows of it.
    memory: Option<Memory>,
    past: Option<Remembered>,
}

/// The driver of one line.
pub(super) struct Actor {
    shared: Arc<Shared>,
    config: Arc<FieldConfig>,
    line: Line,
    link: Link,
    schedule: Schedule,
    meters: BTreeMap<u8, Known>,
    site: Option<SiteDays>,
    wake: watch::Receiver<()>,
    rescan_at: Instant,
    collector_failures: u32,
    rng: Rng,
}

impl Actor {
    /// # Errors
    /// A transport that this program does not know.
    pub(super) fn new(
        (shared, config): (Arc<Shared>, Arc<FieldConfig>),
        line: Line,
        wake: watch::Receiver<()>,
        mut rng: Rng,
    ) -> Result<Self, UnknownTransport> {
        let transport = line.transport.parse()?;
        let link = Link::new(transport, line.address.clone(), (config.link)(transport));
        let schedule = Schedule::new(config.pace(), rng.fork());
        let rescan_at = Instant::now();
        Ok(Self {
            shared,
            config,
            line,
            link,
            schedule,
            meters: BTreeMap::new(),
            site: None,
            wake,
            rescan_at,
            collector_failures: 0,
            rng,
        })
    }

    /// Drives the line for ever. May be dropped at any point: whatever was under way is planned again from what the
    /// meters say.
    pub(super) async fn run(mut self) {
        loop {
            if let Err(cause) = self.step().await {
                error!(collector = self.line.name, %cause, "the field layer cannot use the database");
                self.rest(Instant::now() + self.config.rescan_interval).await;
            }
        }
    }

    async fn step(&mut self) -> Result<(), DbError> {
        if Instant::now() >= self.rescan_at {
            self.look_up().await?;
        }
        match self.schedule.next(Instant::now()) {
            Next::Visit(unit) => self.visit(unit).await?,
            Next::WaitUntil(due) => self.rest(due.min(self.rescan_at)).await,
            Next::Idle => self.rest(self.rescan_at).await,
        }
        if self.wake.has_changed().unwrap_or(false) {
            self.woken();
        }
        Ok(())
    }

    /// Waits, but not through a wake.
    async fn rest(&mut self, until: Instant) {
        tokio::select! {
            () = sleep_until(until) => {}
            Ok(()) = self.wake.changed() => self.rescan_at = Instant::now(),
        }
    }

    fn woken(&mut self) {
        self.wake.mark_unchanged();
        self.rescan_at = Instant::now();
    }

    /// Looks up the line's meters and hurries to those of which something else is wanted than before.
    async fn look_up(&mut self) -> Result<(), DbError> {
        let (rows, site) = {
            let mut conn = self.shared.db.read().await?;
            (store::meters(&mut conn, &self.line.id).await?, store::site_days(&mut conn).await?)
        };
        let now = Instant::now();
        let site_changed = site != self.site;
        self.site = site;
        self.rescan_at = now + self.config.rescan_interval;
        let mut before = std::mem::take(&mut self.meters);
        for row in rows {
            let Ok(unit) = u8::try_from(row.unit) else { continue };
            let met = match before.remove(&unit) {
                Some(met) if met.row.id == row.id => {
                    if met.row != row || site_changed {
                        self.schedule.hurry(unit, now);
                    }
                    Known { row, ..met }
                }
                _ => Known { row, status: None, last_reading_span_ms: None, memory: None, past: None },
            };
            self.meters.insert(unit, met);
        }
        self.schedule.set_units(self.meters.keys().copied(), now);
        Ok(())
    }

    async fn visit(&mut self, unit: u8) -> Result<(), DbError> {
        let Some(met) = self.meters.get_mut(&unit) else { return Ok(()) };
        let Some(driver) = self.config.drivers.of(&met.row.kind) else {
            return self.undriven(unit).await;
        };
        let allowance = Allowance::new(self.schedule.others_wait(unit, Instant::now()), &self.wake);
        let call = Call {
            shared: &self.shared,
            meter: &met.row,
            collector: &self.line.name,
            unit,
            site: self.site.as_ref(),
        };
        let visit = driver.visit(&call, &mut self.link, &mut met.memory, &mut met.past, allowance).await?;
        match &visit.end {
            Err(Unread::Silent(error)) if error.is_collector_failure() => {
                let error = error.clone();
                self.collector_failed(unit, &error).await
            }
            _ => self.visited(unit, visit).await,
        }
    }

    /// Nobody knows how to read this meter: that is told once.
    async fn undriven(&mut self, unit: u8) -> Result<(), DbError> {
        let failures = self.schedule.visited(unit, Outcome::Failed, Instant::now());
        let Some(met) = self.meters.get_mut(&unit) else { return Ok(()) };
        let facts = record::undriven(&met.row.kind, failures);
        if met.status == Some(facts.status) {
            return Ok(());
        }
        log_status(&self.line.name, unit, met, &facts);
        met.status = Some(facts.status);
        let context = (met.row.id.clone(), self.shared.clock.now_ms(), facts);
        self.shared
            .db
            .write(context, |(meter, at_ms, facts), conn| {
                Box::pin(store::put_meter(conn, meter, *at_ms, facts))
            })
            .await
    }

    async fn visited(&mut self, unit: u8, mut visit: Visit) -> Result<(), DbError> {
        let now = Instant::now();
        if self.collector_failures > 0 {
            info!(collector = self.line.name, "collector answers again");
            self.collector_failures = 0;
            self.schedule.all_due(now);
        }
        let outcome = match &visit.end {
            Ok(met) if met.changing => Outcome::Changing,
            Ok(_) => Outcome::Answered,
            Err(_) => Outcome::Failed,
        };
        let failures = self.schedule.visited(unit, outcome, now);
        let Some(met) = self.meters.get_mut(&unit) else { return Ok(()) };
        let hopeful = met.status == Some(MeterStatus::Online) && failures < FAILURES_TO_OFFLINE;
        let facts =
            record::facts(&visit, failures, if hopeful { MeterStatus::Online } else { MeterStatus::Offline });
        log_status(&self.line.name, unit, met, &facts);
        met.status = Some(facts.status);
        let at_ms = self.shared.clock.now_ms();
        let households = record::households(&visit);
        let details = record::told(&mut visit);
        let settings = record::settings(&mut visit);
        let (history, past) = record::history(&mut visit, &households);
        let counts = record::counts(&visit);
        let lost = history.loss.is_some();
        let span_ms = Some(record::reading_span_ms(at_ms));
        let reading_span_ms =
            span_ms.filter(|_| met.last_reading_span_ms != span_ms && !households.is_empty());
        if reading_span_ms.is_some() {
            met.last_reading_span_ms = span_ms;
        }
        let (collector_id, meter_id) = (self.line.id.clone(), met.row.id.clone());
        let report = VisitReport {
            collector_id,
            meter_id,
            at_ms,
            facts,
            households,
            details,
            settings,
            counts,
            history,
            reading_span_ms,
        };
        let written =
            self.shared.db.write(report, |report, conn| Box::pin(store::put_visit(conn, report))).await;
        if let Some(met) = self.meters.get_mut(&unit) {
            if !matches!(written, Ok(true)) {
                // What was read of settings and of the past is lost: read it again.
                (met.memory, met.past) = (None, None);
            } else if past.is_some() {
                met.past = past;
            }
        }
        if lost {
            // Before the next visit it must be known that its credit is held back.
            self.rescan_at = now;
        }
        written.map(|_| ())
    }

    /// No unit is to blame, but one that makes the collector hang up each time must not keep the others waiting.
    async fn collector_failed(&mut self, unit: u8, error: &LinkError) -> Result<(), DbError> {
        if matches!(error, LinkError::Lost(_)) {
            self.schedule.visited(unit, Outcome::Failed, Instant::now());
        }
        self.collector_failures = self.collector_failures.saturating_add(1);
        if self.collector_failures == 1 {
            warn!(collector = self.line.name, address = self.line.address, %error, "collector does not answer");
        }
        let all_offline = self.collector_failures >= FAILURES_TO_ALL_OFFLINE;
        if all_offline {
            for met in self.meters.values_mut() {
                met.status = Some(MeterStatus::Offline);
            }
        }
        self.write_collector_failure(trouble::of_link(error), all_offline).await?;
        let pause = self.config.pace().pause(self.collector_failures, &mut self.rng);
        self.rest(Instant::now() + pause).await;
        Ok(())
    }

    async fn write_collector_failure(&mut self, error: String, all_offline: bool) -> Result<(), DbError> {
        let context = (self.line.id.clone(), self.shared.clock.now_ms(), error, all_offline);
        self.shared
            .db
            .write(context, |(collector, at_ms, error, all_offline), conn| {
                Box::pin(async move {
                    store::put_collector(conn, collector, *at_ms, None, Some(error)).await?;
                    if *all_offline {
                        store::meters_offline(conn, collector, *at_ms, error).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// One line when a meter's status changes; the visits between are for debugging.
fn log_status(collector: &str, unit: u8, met: &Known, facts: &MeterFacts) {
    let (serial, status, error) = (met.row.serial, facts.status, facts.error.as_deref());
    if met.status == Some(status) {
        debug!(collector, unit, serial, status = status.as_str(), error, "meter visited");
    } else if status == MeterStatus::Online {
        info!(collector, unit, serial, status = status.as_str(), error, "meter answers");
    } else {
        warn!(collector, unit, serial, status = status.as_str(), error, "meter does not answer as it should");
    }
}
