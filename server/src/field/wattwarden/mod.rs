//! Our own meter: what its registers say, and what it is told by sealed envelopes.

#[cfg(test)]
mod arbitrary;
mod clock;
mod closing;
mod details;
mod display;
mod events;
mod history;
mod mailbox;
pub mod planner;
mod profile;
pub mod recorded;
mod session;
mod settings;
pub(crate) mod snapshot;
pub mod words;

use meter_core::envelope::Command;

use self::session::Session;
use self::settings::Settled;
use self::snapshot::Snapshot;
use super::bus::Bus;
use super::call::Call;
use super::driver::{Driver, Order, Plan};
use super::history::Allowance;
use super::met::{Halt, Met};
use super::observation::{Closed, Observation};
use super::reading::{Reading, Unread};
use crate::db::DbError;
use crate::store::meters::field::Wanted;

/// The driver of our own meter.
#[derive(Clone, Copy, Debug)]
pub struct Wattwarden;

impl Driver for Wattwarden {
    type Seen = Snapshot;
    type Step = Command;
    type Memory = Option<Settled>;

    async fn read(&self, call: &Call<'_>, bus: &mut Bus<'_>) -> Result<Reading<Snapshot>, Unread> {
        Session::new(call).ok_or(Unread::NotAMeter)?.read(bus).await
    }

    fn observe(&self, seen: &Snapshot) -> Observation {
        seen.observation()
    }

    fn next_step(&self, order: &Order<'_>, seen: &Snapshot) -> Result<Plan<Command>, DbError> {
        let Ok(position) = u8::try_from(order.position) else { return Ok(Plan::default()) };
        let Some(found) = seen.households.get(usize::from(position)) else { return Ok(Plan::default()) };
        Ok(if order.held {
            planner::held_step(position, order.desired, found)
        } else {
            planner::next_step(position, order.desired, found, order.wanted.hoarding_wh()?)
        })
    }

    fn opens_epoch(&self, step: &Command) -> bool {
        matches!(step, Command::OpenEpoch { .. })
    }

    async fn take(
        &self,
        call: &Call<'_>,
        bus: &mut Bus<'_>,
        order: &Order<'_>,
        step: &Command,
        seen: &mut Snapshot,
    ) -> Result<(), Halt> {
        let Some(session) = Session::new(call) else { return Ok(()) };
        session.send(bus, step, order.desired.household_id.as_str()).await?;
        session.read_back(bus, order.position, seen).await
    }

    async fn closed(&self, _call: &Call<'_>, bus: &mut Bus<'_>, position: i64) -> Result<Closed, Halt> {
        closing::closed(bus, position).await
    }

    async fn prepare(&self, call: &Call<'_>, bus: &mut Bus<'_>, met: &mut Met<Snapshot>) -> Result<(), Halt> {
        let Some(session) = Session::new(call) else { return Ok(()) };
        session.set_clock(bus, met).await
    }

    async fn attend(
        &self,
        call: &Call<'_>,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        wanted: &Wanted,
    ) -> Result<(), Halt> {
        let Some(session) = Session::new(call) else { return Ok(()) };
        session.drive_details(bus, met, wanted.position, &wanted.desired).await
    }

    async fn follow(
        &self,
        call: &Call<'_>,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        settled: &mut Option<Settled>,
        allowance: Allowance<'_>,
    ) -> Result<(), DbError> {
        let Some(session) = Session::new(call) else { return Ok(()) };
        session.drive_settings(bus, met, call.site, settled).await?;
        session.fetch_history(bus, met, allowance).await
    }
}
