//! A week lived through in seconds: the demo's meters run, cashiers sell, credit reaches the meters by the same
//! planner and the same sealed envelopes as in life. Nothing is made up afterwards.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::clock::{Clock, ManualClock};
use domain::ids::HouseholdId;
use domain::supply::SupplyMode;
use fastrand::Rng;
use futures_util::FutureExt;
use meter_core::envelope::{Command, Key as MeterKey, MAX_ENVELOPE, derive_meter_key, seal};
use meter_core::registers::HouseholdState;
use meter_core::units::UnixSeconds;
use simulator::bus::Bus;
use simulator::campus::Campus;

use crate::db::DbError;
use crate::field::wattwarden::planner::{Step, next_step};
use crate::field::wattwarden::snapshot;
use crate::jobs::{self, scheduler};
use crate::ops::desk::sell::{SaleInput, SellRequest, quote};
use crate::ops::kit::Ops;
use crate::ops::meters::switch_supply::SwitchRequest;
use crate::store::meters::readings::{Reading, keep};
use crate::store::meters::{field, households};
use crate::tools::ToolError;

use super::desk::Desk;
use super::free;
use super::plan::Served;

const HOUR_MS: i64 = 3_600_000;
/// How long the past is.
pub const HOURS: i64 = 7 * 24;
/// From when on a room changes hands, in the desk's next hour.
const CHANGES_HANDS_HOUR: i64 = 4 * 24;
/// Which one.
const CHANGES_HANDS: usize = 3;

/// What a past takes to be lived through.
pub struct Past<'a> {
    /// The books.
    pub ops: &'a Ops,
    /// Stands at the beginning of the past, and is moved on.
    pub clock: &'a ManualClock,
    /// The meters.
    pub campus: &'a Campus,
    /// The site's master key.
    pub master_key: &'a MeterKey,
    /// Who sells.
    pub cashiers: &'a [Actor],
    /// Who switches.
    pub manager: &'a Actor,
    /// Second of the local day at a time.
    pub second_of_day: &'a dyn Fn(i64) -> u32,
}

/// A household of the past.
pub(super) struct Household {
    pub(super) id: HouseholdId,
    pub(super) place: Served,
    /// A shop, behind a three-phase outlet.
    is_shop: bool,
    /// Some buy in time, some late, and a few forget altogether.
    buys_below_wh: i64,
}

impl Past<'_> {
    /// Lives through it.
    ///
    /// # Errors
    /// Those of the operations.
    pub async fn live(&self, places: Vec<Served>, seed: u64) -> Result<(), ToolError> {
        let mut rng = Rng::with_seed(seed ^ 0x7061_7374);
        let households = self.meet(places, &mut rng).await?;
        self.set_clocks()?;
        for household in &households {
            self.sell_some(household, &mut rng).await?;
        }
        let mut changes_hands = households.get(CHANGES_HANDS);
        for hour in 0..HOURS {
            self.pass_an_hour();
            let now_ms = self.clock.now_ms();
            self.take_readings(&households).await?;
            self.run_jobs(&households).await?;
            if (8..20).contains(&((self.second_of_day)(now_ms) / 3600)) {
                self.visit_the_desk(&households, hour, &mut rng).await?;
                if hour >= CHANGES_HANDS_HOUR
                    && let Some(household) = changes_hands.take()
                {
                    self.change_hands(household).await?;
                }
            } else {
                self.desk().close_all(&mut rng).await?;
            }
        }
        // A newcomer finds the first cashier's drawer open, and can sell at once.
        let desk = self.desk();
        desk.open(&self.cashiers[0]).await?;
        for other in &self.cashiers[1..] {
            desk.close(other, &mut rng).await?;
        }
        self.switch_some(&households).await
    }

    /// The meters know the time, so that their events and hourly totals do.
    fn set_clocks(&self) -> Result<(), ToolError> {
        // Not behind the site, as a full hour must not come late.
        let now_s = u32::try_from(self.clock.now_ms().div_euclid(1000) + 1).unwrap_or(u32::MAX);
        let command = Command::Clock { generation: 1, now: UnixSeconds(now_s) };
        for bus in self.campus.lines() {
            for unit in bus.units() {
                self.hand_over(bus, unit, &command)?;
            }
        }
        Ok(())
    }

    /// In two steps, so that one ends at the full hour: a meter keeps its totals as they are then.
    fn pass_an_hour(&self) {
        let first_ms = HOUR_MS - self.clock.now_ms().rem_euclid(HOUR_MS);
        for step_ms in [first_ms, HOUR_MS - first_ms] {
            self.clock.advance(step_ms);
            let second_of_day = (self.second_of_day)(self.clock.now_ms());
            self.campus.advance_all(u32::try_from(step_ms).unwrap_or(u32::MAX), second_of_day);
        }
    }

    async fn meet(&self, places: Vec<Served>, rng: &mut Rng) -> Result<Vec<Household>, ToolError> {
        let mut conn = self.ops.db.read().await?;
        let mut met = Vec::with_capacity(places.len());
        for (index, place) in places.into_iter().enumerate() {
            let outlet = households::of_room(&mut conn, &place.room_id).await?.ok_or("no meter")?;
            let forgets = index % 29 == 11;
            let buys_below_wh = if forgets { i64::MIN } else { rng.i64(500..9_000) };
            met.push(Household { is_shop: outlet.three_phase(), id: outlet.id, place, buys_below_wh });
        }
        Ok(met)
    }

    pub(super) fn desk(&self) -> Desk<'_> {
        Desk { ops: self.ops, cashiers: self.cashiers }
    }

    fn state(&self, place: &Served) -> Option<HouseholdState> {
        let bus = self.campus.lines().get(place.line)?;
        let of = |meter: &mut simulator::meter::VirtualMeter| {
            meter.meter().household(usize::from(place.position)).map(HouseholdState::of)
        };
        bus.with_meter(place.unit, of).flatten()
    }

    /// What runs by itself: at midnight use is billed; free electricity comes, and reaches the meters as everything does.
    async fn run_jobs(&self, households: &[Household]) -> Result<(), ToolError> {
        let before = free::granted(&self.ops.db).await?;
        scheduler::run_due(self.ops, &jobs::all(), "the past").await?;
        if free::granted(&self.ops.db).await? > before {
            for household in households {
                self.deliver(household).await?;
            }
        }
        Ok(())
    }

    async fn visit_the_desk(
        &self,
        households: &[Household],
        hour: i64,
        rng: &mut Rng,
    ) -> Result<(), ToolError> {
        // In the last hours the desk is quiet, so that a newcomer finds rooms that are low or dark.
        let quiet = hour > HOURS - 14;
        for household in households {
            let remaining_wh = self.state(&household.place).map_or(0, |state| i64::from(state.remaining_wh));
            if remaining_wh < household.buys_below_wh && (!quiet || rng.u8(0..4) == 0) {
                self.sell_some(household, rng).await?;
            }
        }
        Ok(())
    }

    async fn sell_some(&self, household: &Household, rng: &mut Rng) -> Result<(), ToolError> {
        let yuan =
            if household.is_shop { rng.i64(2..8) * 50 } else { [5, 8, 10, 10, 15, 20][rng.usize(0..6)] };
        let quote =
            quote(&self.ops.db, &*self.ops.clock, &household.place.room_id, SaleInput::Amount(yuan * 100))
                .await?;
        let cashier = &self.cashiers[rng.usize(..self.cashiers.len())];
        let request = SellRequest {
            key: self.ops.key(),
            room_id: household.place.room_id.clone(),
            tenancy_id: quote.tenancy_id,
            amount_minor: quote.amount_minor,
            energy_wh: quote.energy_wh,
            price_per_kwh: quote.price.to_string(),
            payment: self.desk().take(cashier, rng).await?,
            payer_id: None,
        };
        self.ops.perform(cashier, request).await?;
        self.deliver(household).await
    }

    /// The desired state reaches the meter as in life: planned, sealed, taken, read back, planned again.
    pub(super) async fn deliver(&self, household: &Household) -> Result<(), ToolError> {
        let desired = households::desired(&mut *self.ops.db.read().await?, &household.id).await?;
        while let Some(state) = self.state(&household.place) {
            let Some(Step::Send(command)) = next_step(household.place.position, &desired, &state, 0).step
            else {
                break;
            };
            let Some(bus) = self.campus.lines().get(household.place.line) else { break };
            self.hand_over(bus, household.place.unit, &command)?;
        }
        Ok(())
    }

    /// Seals a command and gives it to a meter.
    fn hand_over(&self, bus: &Bus, unit: u8, command: &Command) -> Result<(), ToolError> {
        let taken = bus.with_meter(unit, |meter| {
            let serial = meter.meter().serial();
            let key = derive_meter_key(self.master_key, serial);
            let mut envelope = [0; MAX_ENVELOPE];
            let length = seal(&key, serial, command, &mut envelope);
            envelope.get(..length).is_some_and(|envelope| meter.apply(envelope).is_ok())
        });
        if taken == Some(true) {
            Ok(())
        } else {
            Err(DbError::Corrupt("a demo meter refused its own office".to_owned()).into())
        }
    }

    async fn take_readings(&self, households: &[Household]) -> Result<(), ToolError> {
        let at_ms = self.clock.now_ms();
        let readings: BTreeMap<_, _> = households
            .iter()
            .filter_map(|household| Some((household.id.clone(), self.state(&household.place)?)))
            .collect();
        self.ops
            .db
            .write(readings, move |readings, conn| {
                async move {
                    for (household_id, state) in readings {
                        let said = snapshot::outlet(state, None).report(household_id.clone(), 0, at_ms, None);
                        field::put_household(conn, &said).await?;
                        let reading = Reading {
                            at_ms,
                            energy_total_wh: i64::try_from(state.energy_total_wh).unwrap_or(i64::MAX),
                            power_mw: i64::from(state.power_mw),
                        };
                        keep(conn, household_id, &reading, (at_ms, at_ms + 1)).await?;
                    }
                    Ok::<_, DbError>(())
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Two rooms are off by order, so that a newcomer sees what that looks like.
    async fn switch_some(&self, households: &[Household]) -> Result<(), ToolError> {
        for (household, reason) in households
            .iter()
            .skip(20)
            .step_by(60)
            .zip(["Wiring check by the electrician, back on by Friday", "电路检修，周五前恢复供电"])
        {
            let request = SwitchRequest {
                key: self.ops.key(),
                room_id: household.place.room_id.clone(),
                mode: SupplyMode::Off,
                until_ms: None,
                reason: reason.to_owned(),
            };
            self.ops.perform(self.manager, request).await?;
            self.deliver(household).await?;
        }
        Ok(())
    }
}
