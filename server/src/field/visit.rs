//! One visit to a meter of any kind: read it, and drive it towards what is wanted until there is nothing left to tell.
//!
//! Nothing is taken from an echo. After each step the outlet is read back and planned anew from what was read, so
//! a lost answer is no different from a lost command, and a visit may be dropped at any point.

use domain::meter_kind::CreditAt;
use domain::supply::Desired;
use line::Link;

use super::bus::Bus;
use super::call::Call;
use super::driver::{Driver, Order, Plan, Step};
use super::history::Allowance;
use super::loss::uncounted;
use super::met::{Halt, Met, Visit};
use super::observation::Observation;
use super::reading::Unread;
use super::server_credit;
use crate::db::DbError;
use crate::store::meters::field as store;
use crate::store::meters::field::{Remembered, Wanted};

/// Most things done for one outlet in one visit. Three are enough (open, raise the generation, switch); the rest is
/// for answers that get lost.
const MOST_STEPS: usize = 6;

/// Visits the meter at the other end of the link. `memory` is what the driver knew of it after an earlier visit. Fails
/// only if the database does.
pub(super) async fn visit<D: Driver>(
    driver: &D,
    call: &Call<'_>,
    link: &mut Link,
    memory: &mut D::Memory,
    past: &mut Option<Remembered>,
    allowance: Allowance<'_>,
) -> Result<Visit, DbError> {
    let mut bus = Bus::new(link, call.unit);
    let end = match driver.read(call, &mut bus).await {
        Err(unread) => Err(unread),
        Ok(reading) => {
            let mut met = Met::new(reading, call.wanted().await?);
            met.remembered = call.remembered(past).await?;
            met.held = call.meter.losses > 0;
            let unread = match call.notice_loss(driver, &mut bus, &mut met).await? {
                None => call.count(driver, &mut bus, &mut met).await,
                unread => unread,
            };
            match unread {
                Some(unread) => Err(unread),
                None => {
                    call.bring(driver, &mut bus, &mut met).await?;
                    driver.follow(call, &mut bus, &mut met, memory, allowance).await?;
                    Ok(Box::new(observed(met, driver)))
                }
            }
        }
    };
    Ok(Visit { requests: bus.requests, failed_requests: bus.failed_requests, end })
}

impl Call<'_> {
    async fn wanted(&self) -> Result<Vec<Wanted>, DbError> {
        let mut conn = self.shared.db.read().await?;
        store::wanted(&mut conn, &self.meter.id).await
    }

    /// Brings each outlet to what is wanted of it.
    async fn bring<D: Driver>(
        &self,
        driver: &D,
        bus: &mut Bus<'_>,
        met: &mut Met<D::Seen>,
    ) -> Result<(), DbError> {
        let prepared = driver.prepare(self, bus, met).await;
        met.note(None, prepared)?;
        for mut wanted in met.wanted.clone() {
            if met.changing {
                break;
            }
            let driven = self.drive(driver, bus, met, &mut wanted).await;
            met.note(Some(wanted.position), driven)?;
            if !met.changing {
                let attended = driver.attend(self, bus, met, &wanted).await;
                met.note(Some(wanted.position), attended)?;
            }
        }
        Ok(())
    }

    /// Counts the credit that the server keeps, by the running meters. One that fell is read once more.
    async fn count<D: Driver>(
        &self,
        driver: &D,
        bus: &mut Bus<'_>,
        met: &mut Met<D::Seen>,
    ) -> Option<Unread> {
        if self.meter.credit != CreditAt::AtServer {
            return None;
        }
        self.count_seen(driver, met);
        if met.counted.values().any(|counted| counted.fell) {
            match driver.read(self, bus).await {
                Ok(reading) => (met.seen, met.read_ms) = (reading.seen, reading.read_ms),
                Err(unread) => return Some(unread),
            }
            self.count_seen(driver, met);
        }
        None
    }

    fn count_seen<D: Driver>(&self, driver: &D, met: &mut Met<D::Seen>) {
        let seen = driver.observe(&met.seen);
        for wanted in &met.wanted {
            let outlet = usize::try_from(wanted.position).ok().and_then(|index| seen.outlets.get(index));
            if let Some(outlet) = outlet {
                let last = met
                    .remembered
                    .totals
                    .iter()
                    .find(|last| last.household_id == wanted.desired.household_id);
                let counted = server_credit::count(wanted, last, outlet.energy_total_wh, met.read_ms);
                met.counted.insert(wanted.position, counted);
            }
        }
    }

    async fn drive<D: Driver>(
        &self,
        driver: &D,
        bus: &mut Bus<'_>,
        met: &mut Met<D::Seen>,
        wanted: &mut Wanted,
    ) -> Result<(), Halt> {
        let (position, mut desired) = (wanted.position, wanted.desired.clone());
        let relay = met.counted.get(&position).map(|counted| counted.reasons);
        for _ in 0..MOST_STEPS {
            let seen = driver.observe(&met.seen);
            let outlet = usize::try_from(position).ok().and_then(|index| seen.outlets.get(index));
            let Some(outlet) = outlet else { return Ok(()) };
            let closing_kept = match outlet.credit {
                Some(credit) => self.keep_closing(driver, bus, wanted, credit.epoch).await?,
                None => true,
            };
            let told = told(wanted, &desired);
            let order = Order { position, desired: &told, wanted, held: met.held, relay };
            let Plan { step, anomaly } = driver.next_step(&order, &met.seen)?;
            met.set_anomaly(position, anomaly);
            match step {
                None => return Ok(()),
                Some(Step::NeedsGeneration(generation)) => desired = self.raise(desired, generation).await?,
                Some(Step::Send(step)) if driver.opens_epoch(&step) && !closing_kept => return Ok(()),
                Some(Step::Send(step)) => driver.take(self, bus, &order, &step, &mut met.seen).await?,
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
}

/// What the meter is told: of an epoch in which it forgot what was used, that as debited.
/// In the words of every meter, with what the server counted.
fn observed<D: Driver>(met: Met<D::Seen>, driver: &D) -> Met<Observation> {
    let mut seen = driver.observe(&met.seen);
    for (position, counted) in &met.counted {
        let index = usize::try_from(*position).unwrap_or(usize::MAX);
        if let Some(outlet) = seen.outlets.get_mut(index) {
            counted.put_on(outlet);
        }
    }
    let waits = met.wanted.iter().any(|wanted| {
        let outlet = usize::try_from(wanted.position).ok().and_then(|index| seen.outlets.get(index));
        outlet.is_some_and(|outlet| outlet.relay.commanded != outlet.relay.closed && !outlet.relay.fault)
    });
    Met {
        seen,
        read_ms: met.read_ms,
        wanted: met.wanted,
        anomalies: met.anomalies,
        told: met.told,
        counted: met.counted,
        settings: met.settings,
        history: met.history,
        remembered: met.remembered,
        held: met.held,
        trouble: met.trouble,
        changing: met.changing || waits,
    }
}

fn told(wanted: &Wanted, desired: &Desired) -> Desired {
    let debited_wh = desired.debited_wh.saturating_add(uncounted(wanted, desired.epoch));
    Desired { debited_wh, ..desired.clone() }
}
