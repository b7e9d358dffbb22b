//! A household's details in a visit: read where its flags say that there is something to tell; low-credit reminders
//! that the office has acknowledged and lock-outs that it has released are told to the meter.

use domain::ids::HouseholdId;
use domain::supply::Desired;
use line::LinkError;
use meter_core::envelope::Command;
use meter_core::registers::{DETAIL_BLOCK_LEN, DetailState, HouseholdState, decode_detail, detail_address};
use meter_core::relay::Reasons;

use super::session::Session;
use super::snapshot::Snapshot;
use super::words::{awaiting, open_reasons, releases};
use crate::field::bus::Bus;
use crate::field::met::{Halt, Met};
use crate::field::trouble;
use crate::store::meters::details::Details;

/// Flags of a household with a story.
const TELLING: u16 =
    HouseholdState::SECOND_LOOP | HouseholdState::LOCKED_OUT | HouseholdState::PROTECTION_OPEN;

impl Session<'_> {
    /// Reads the household's details if there are any worth it, and tells the meter what the office has acknowledged
    /// and released of them.
    pub(super) async fn drive_details(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met<Snapshot>,
        position: i64,
        desired: &Desired,
    ) -> Result<(), Halt> {
        let Ok(household) = u8::try_from(position) else { return Ok(()) };
        let Some(detail) = read(bus, met, household, &desired.household_id).await? else { return Ok(()) };
        let Some(command) = wanted(&met.seen, household, desired, &detail) else { return Ok(()) };
        self.send(bus, &command, desired.household_id.as_str()).await?;
        self.read_back(bus, position, &mut met.seen).await?;
        read(bus, met, household, &desired.household_id).await?;
        Ok(())
    }
}

/// The details, if the household's state says that they tell something; taken down as found in this visit.
async fn read(
    bus: &mut Bus<'_>,
    met: &mut Met<Snapshot>,
    household: u8,
    id: &HouseholdId,
) -> Result<Option<DetailState>, LinkError> {
    let index = usize::from(household);
    let tells =
        met.seen.households.get(index).is_some_and(|state| {
            state.has(TELLING) || state.reasons().contains(Reasons::LOW_CREDIT_REMINDER)
        });
    let detail = if tells { Some(detail(bus, index).await?) } else { None };
    if let Some(slot) = met.seen.details.get_mut(index) {
        *slot = detail;
    }
    match &detail {
        Some(detail) => met.told.insert(household.into(), report(id.clone(), met.read_ms, detail)),
        None => met.told.remove(&household.into()),
    };
    Ok(detail)
}

async fn detail(bus: &mut Bus<'_>, index: usize) -> Result<DetailState, LinkError> {
    let address = detail_address(index).ok_or(trouble::NO_SUCH_BLOCK)?;
    let words = bus.read(address, DETAIL_BLOCK_LEN).await?;
    decode_detail(&words).ok_or(trouble::NOT_A_BLOCK)
}

/// The one command that its details call for: a release goes before an acknowledgement, which the next visit sends.
fn wanted(seen: &Snapshot, household: u8, desired: &Desired, detail: &DetailState) -> Option<Command> {
    let state = seen.households.get(usize::from(household))?;
    let names = |number: u32, wanted: i64| number != 0 && i64::from(number) == wanted;
    let lockout = detail.lockouts;
    if state.has(HouseholdState::LOCKED_OUT) && names(lockout, desired.released_lockout) {
        return Some(Command::Release { household, lockout });
    }
    let reminder = awaiting(state, detail);
    names(reminder, desired.acknowledged_reminder).then_some(Command::Acknowledge { household, reminder })
}

/// Details as a row of the database.
pub(super) fn report(household_id: HouseholdId, seen_ms: i64, detail: &DetailState) -> Details {
    Details {
        household_id,
        seen_ms,
        lockouts: detail.lockouts.into(),
        second_reasons: open_reasons(detail.second_reasons),
        second_power_mw: detail.second_power_mw.into(),
        second_current_ma: i64::from(detail.second_current_ca) * 10,
        over_current_left_s: detail.over_current.left_s.into(),
        over_current_trips: detail.over_current.trips.into(),
        vicious_left_s: detail.vicious.left_s.into(),
        vicious_trips: detail.vicious.trips.into(),
        second_over_current_left_s: detail.second_over_current.left_s.into(),
        second_over_current_trips: detail.second_over_current.trips.into(),
        second_vicious_left_s: detail.second_vicious.left_s.into(),
        second_vicious_trips: detail.second_vicious.trips.into(),
        resident_release: releases(detail.resident_release),
    }
}
