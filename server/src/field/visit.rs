//! One visit to a meter: read it, and drive it towards what is wanted until there is nothing left to send.
//!
//! Nothing is taken from an echo. After each command the household is read back and planned anew from what was read, so
//! a lost answer is no different from a lost command, and a visit may be dropped at any point.

use domain::UnknownWord;
use domain::supply::Desired;
use line::{Link, LinkError};
use meter_core::envelope::{Command, HOUSEHOLDS, Key, Refusal, derive_meter_key};
use meter_core::registers::{DetailState, HEADER_ADDRESS, LIVE_BLOCK_LEN, LIVE_READS, household_address};
use meter_core::serial::Serial;
use meter_core::units::UnixSeconds;
use tracing::{info, warn};

use super::Shared;
use super::bus::{Bus, Delivery};
use super::history::{Allowance, uncounted};
use super::planner::{self, Step};
use super::settings::Settled;
use super::snapshot::{self, Snapshot};
use super::trouble;
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::{HistoryReport, LineMeter, Remembered, SettingsReport, SiteDays, Wanted};

/// Most things done for one household in one visit. Three are enough (open, raise the generation, switch); the rest is
/// for answers that get lost.
const MOST_STEPS: usize = 6;

/// What came of a visit.
pub(super) struct Visit {
    pub(super) requests: i64,
    pub(super) failed_requests: i64,
    pub(super) end: End,
}

/// How it ended.
pub(super) enum End {
    /// The meter answered.
    Met(Box<Met>),
    /// Another meter answered: nothing was sent, nothing is written.
    WrongMeter(u64),
    /// Something answered that is no meter of ours, or one of another register map.
    NotAMeter,
    /// No answer that can be trusted.
    Silent(LinkError),
}

/// A meter that answered, as it was last read.
pub(super) struct Met {
    pub(super) snapshot: Snapshot,
    /// When its clock was read, site time.
    pub(super) read_ms: i64,
    pub(super) wanted: Vec<Wanted>,
    /// By position: why the household cannot be brought to what is wanted.
    pub(super) anomalies: [Option<&'static str>; HOUSEHOLDS],
    /// By position: the household's details, where they tell something.
    pub(super) details: [Option<DetailState>; HOUSEHOLDS],
    /// What was read of settings.
    pub(super) settings: SettingsReport,
    /// What was fetched of its past.
    pub(super) history: HistoryReport,
    /// What is known of its past, with that.
    pub(super) remembered: Remembered,
    /// It has lost its memory: no credit before somebody has decided.
    pub(super) held: bool,
    /// What went wrong after the meter had been read.
    pub(super) trouble: Option<String>,
    /// Whether to look again soon: a relay has not followed yet, or the line failed half-way.
    pub(super) changing: bool,
}

/// Why driving stops early.
pub(super) enum Halt {
    Line(LinkError),
    Refused(Option<Refusal>),
    /// Of a setting whose generations are used up.
    Exhausted,
    Database(DbError),
}

impl From<LinkError> for Halt {
    fn from(error: LinkError) -> Self {
        Self::Line(error)
    }
}

impl From<UnknownWord> for Halt {
    fn from(word: UnknownWord) -> Self {
        Self::Database(word.into())
    }
}

impl From<DbError> for Halt {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// The meter to be visited, and with what.
pub(super) struct Visitor<'a> {
    pub(super) shared: &'a Shared,
    pub(super) meter: &'a LineMeter,
    collector: &'a str,
    serial: Serial,
    key: Key,
}

impl<'a> Visitor<'a> {
    /// `None` if the row's serial number is none.
    pub(super) fn new(shared: &'a Shared, collector: &'a str, meter: &'a LineMeter) -> Option<Self> {
        let serial = u64::try_from(meter.serial).ok().and_then(|serial| Serial::try_from(serial).ok())?;
        let key = derive_meter_key(&shared.config.master_key, serial);
        Some(Self { shared, meter, collector, serial, key })
    }

    /// Visits the meter at `unit`. `settled` is what an earlier visit knew of its settings. Fails only if the database
    /// does.
    pub(super) async fn visit(
        &self,
        link: &mut Link,
        unit: u8,
        site: Option<&SiteDays>,
        settled: &mut Option<Settled>,
        past: &mut Option<Remembered>,
        allowance: Allowance<'_>,
    ) -> Result<Visit, DbError> {
        let mut bus = Bus::new(link, unit);
        let end = match self.read(&mut bus).await {
            Err(end) => end,
            Ok((snapshot, read_ms)) => {
                let mut met = Met::new(snapshot, read_ms, self.wanted().await?);
                met.remembered = self.remembered(past).await?;
                met.held = self.meter.losses > 0;
                match self.notice_loss(&mut bus, &mut met).await? {
                    Some(end) => end,
                    None => {
                        self.bring(&mut bus, &mut met, site, settled).await?;
                        self.fetch_history(&mut bus, &mut met, allowance).await?;
                        met.changing |= met.waits_for_a_relay();
                        End::Met(Box::new(met))
                    }
                }
            }
        };
        Ok(Visit { requests: bus.requests, failed_requests: bus.failed_requests, end })
    }

    /// Brings the meter to what is wanted.
    async fn bring(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
        site: Option<&SiteDays>,
        settled: &mut Option<Settled>,
    ) -> Result<(), DbError> {
        self.drive(bus, met).await?;
        self.drive_settings(bus, met, site, settled).await
    }

    async fn wanted(&self) -> Result<Vec<Wanted>, DbError> {
        let mut conn = self.shared.db.read().await?;
        store::wanted(&mut conn, &self.meter.id).await
    }

    /// The whole meter; the header first, so that a wrong one is asked nothing more.
    pub(super) async fn read(&self, bus: &mut Bus<'_>) -> Result<(Snapshot, i64), End> {
        let mut registers = Vec::new();
        let mut read_ms = 0;
        for (index, (address, count)) in LIVE_READS.into_iter().enumerate() {
            registers.extend(bus.read(address, count).await.map_err(End::Silent)?);
            if index == 0 {
                read_ms = self.shared.clock.now_ms();
                let header = snapshot::header(&registers).ok_or(End::NotAMeter)?;
                if header.serial != self.serial.get() {
                    return Err(End::WrongMeter(header.serial));
                }
            }
        }
        let snapshot = Snapshot::decode(&registers).ok_or(End::NotAMeter)?;
        Ok((snapshot, read_ms))
    }

    async fn drive(&self, bus: &mut Bus<'_>, met: &mut Met) -> Result<(), DbError> {
        let clock = self.set_clock(bus, met).await;
        met.note(None, clock)?;
        for mut wanted in met.wanted.clone() {
            let Ok(position) = u8::try_from(wanted.position) else { continue };
            if met.changing || usize::from(position) >= HOUSEHOLDS {
                continue;
            }
            let driven = self.drive_household(bus, met, position, &mut wanted).await;
            met.note(Some(position), driven)?;
            if !met.changing {
                let driven = self.drive_details(bus, met, position, &wanted.desired).await;
                met.note(Some(position), driven)?;
            }
        }
        Ok(())
    }

    /// Sets the meter's clock if it needs that: ends of overrides go by it, so it comes first.
    async fn set_clock(&self, bus: &mut Bus<'_>, met: &mut Met) -> Result<(), Halt> {
        let tolerance_s = self.shared.config.clock_tolerance_s;
        let read_s = met.read_ms.div_euclid(1000);
        let header = &met.snapshot.header;
        if planner::clock_generation(header, 0, read_s, tolerance_s).is_none() {
            return Ok(());
        }
        let stored = self.stored_clock_generation().await?;
        let Some(generation) = planner::clock_generation(header, stored, read_s, tolerance_s) else {
            return Ok(());
        };
        if !self.raise_clock_generation(generation).await? {
            return Ok(());
        }
        let Ok(now_s @ 1..) = u32::try_from(self.shared.clock.now_ms().div_euclid(1000)) else {
            return Ok(());
        };
        self.send(bus, &Command::Clock { generation, now: UnixSeconds(now_s) }, "meter").await?;
        let block = bus.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
        met.read_ms = self.shared.clock.now_ms();
        met.snapshot.header = snapshot::header(&block).ok_or(LinkError::BadReply("not a header".into()))?;
        Ok(())
    }

    async fn stored_clock_generation(&self) -> Result<u32, DbError> {
        let mut conn = self.shared.db.read().await?;
        let stored = store::clock_generation(&mut conn, &self.meter.id).await?;
        Ok(u32::try_from(stored).unwrap_or(u32::MAX))
    }

    async fn raise_clock_generation(&self, generation: u32) -> Result<bool, DbError> {
        let context = (self.meter.id.clone(), i64::from(generation));
        self.shared
            .db
            .write(context, |(meter, generation), conn| {
                Box::pin(store::raise_clock_generation(conn, meter, *generation))
            })
            .await
    }

    async fn drive_household(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
        position: u8,
        wanted: &mut Wanted,
    ) -> Result<(), Halt> {
        let (index, mut desired) = (usize::from(position), wanted.desired.clone());
        for _ in 0..MOST_STEPS {
            let Some(found) = met.snapshot.households.get_mut(index) else { return Ok(()) };
            let closing_kept = self.keep_closing(bus, wanted, found.epoch).await?;
            let plan = if met.held {
                planner::held_step(position, &desired, found)
            } else {
                planner::next_step(position, &told(wanted, &desired), found, wanted.hoarding_wh()?)
            };
            if let Some(anomaly) = met.anomalies.get_mut(index) {
                *anomaly = plan.anomaly.map(planner::Anomaly::as_str);
            }
            match plan.step {
                None => return Ok(()),
                Some(Step::NeedsGeneration(generation)) => desired = self.raise(desired, generation).await?,
                Some(Step::Send(Command::OpenEpoch { .. })) if !closing_kept => return Ok(()),
                Some(Step::Send(command)) => {
                    self.send(bus, &command, desired.household_id.as_str()).await?;
                    *found = read_back(bus, index).await?;
                }
            }
        }
        Ok(())
    }

    /// Raises the desired generation, and reads what is wanted anew: a person may have changed it meanwhile, and one
    /// generation must not mean two things.
    async fn raise(&self, desired: Desired, generation: u32) -> Result<Desired, DbError> {
        let household = desired.household_id;
        self.shared
            .db
            .write((household, i64::from(generation)), |(household, generation), conn| {
                Box::pin(async move {
                    store::raise_supply_generation(conn, household, *generation).await?;
                    crate::store::meters::households::desired(conn, household).await
                })
            })
            .await
    }

    pub(super) async fn send(
        &self,
        bus: &mut Bus<'_>,
        command: &Command,
        household: &str,
    ) -> Result<(), Halt> {
        let (collector, unit, serial) = (self.collector, bus.unit, self.serial);
        match bus.command(&self.key, self.serial, command).await? {
            Delivery::ReadBack => {
                info!(collector, unit, %serial, household, ?command, "command sent");
                Ok(())
            }
            Delivery::Refused(refusal) => {
                let reason = refusal.map_or_else(|| "unknown".to_owned(), |refusal| refusal.to_string());
                warn!(collector, unit, %serial, household, ?command, reason, "command refused");
                Err(Halt::Refused(refusal))
            }
        }
    }
}

/// What the meter is told: of an epoch in which it forgot what was used, that as debited.
fn told(wanted: &Wanted, desired: &Desired) -> Desired {
    let debited_wh = desired.debited_wh.saturating_add(uncounted(wanted, desired.epoch));
    Desired { debited_wh, ..desired.clone() }
}

/// A household's live block anew.
pub(super) async fn read_back(
    bus: &mut Bus<'_>,
    index: usize,
) -> Result<meter_core::registers::HouseholdState, LinkError> {
    let address = household_address(index).ok_or(LinkError::Invalid("no such household"))?;
    let block = bus.read(address, LIVE_BLOCK_LEN).await?;
    snapshot::household_state(&block).ok_or(LinkError::BadReply("not a household".into()))
}

impl Met {
    fn new(snapshot: Snapshot, read_ms: i64, wanted: Vec<Wanted>) -> Self {
        Self {
            snapshot,
            read_ms,
            wanted,
            anomalies: [None; HOUSEHOLDS],
            details: [None; HOUSEHOLDS],
            settings: SettingsReport::default(),
            history: HistoryReport::default(),
            remembered: Remembered::default(),
            held: false,
            trouble: None,
            changing: false,
        }
    }

    /// Takes down why driving stopped. A failed line ends the visit, a refusal only that command's household.
    pub(super) fn note(&mut self, position: Option<u8>, driven: Result<(), Halt>) -> Result<(), DbError> {
        match driven {
            Ok(()) => {}
            Err(Halt::Database(error)) => return Err(error),
            Err(Halt::Line(error)) => {
                self.trouble = Some(trouble::of_link(&error));
                self.changing = true;
            }
            // A limit that was not known yet: it is read in this visit, and the next one keeps within it.
            Err(Halt::Refused(Some(Refusal::Hoarding))) => self.set_anomaly(position, planner::HOARDING),
            Err(Halt::Refused(refusal)) => {
                // In force, but not over a power cut: the meter saves it again by itself, and where it could not,
                // it differs after the cut and is told again.
                let kept = refusal != Some(Refusal::NotSaved);
                let reason = refusal.map(|refusal| refusal.to_string());
                self.trouble = Some(
                    reason.map_or(trouble::REFUSED.to_owned(), |why| trouble::text(trouble::REFUSED, &why)),
                );
                if kept {
                    self.set_anomaly(position, trouble::REFUSED);
                }
            }
            Err(Halt::Exhausted) => {
                self.trouble = Some(trouble::EXHAUSTED.to_owned());
                self.set_anomaly(position, trouble::EXHAUSTED);
            }
        }
        Ok(())
    }

    fn set_anomaly(&mut self, position: Option<u8>, anomaly: &'static str) {
        let slot = position.and_then(|position| self.anomalies.get_mut(usize::from(position)));
        if let Some(slot) = slot {
            *slot = Some(anomaly);
        }
    }

    fn waits_for_a_relay(&self) -> bool {
        self.wanted.iter().any(|wanted| {
            let state =
                usize::try_from(wanted.position).ok().and_then(|index| self.snapshot.households.get(index));
            state.is_some_and(|state| state.relay_closed() != state.contact_closed() && !state.relay_fault())
        })
    }
}
