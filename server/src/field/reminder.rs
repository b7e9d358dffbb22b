//! Low-credit reminders in a visit: which ones wait to be acknowledged, and acknowledging those that the office has
//! seen.

use meter_core::envelope::Command;
use meter_core::registers::{DETAIL_BLOCK_LEN, decode_detail, detail_address};
use meter_core::relay::Reasons;

use super::bus::Bus;
use super::link::LinkError;
use super::trouble;
use super::visit::{Halt, Met, Visitor, read_back};
use crate::supply::Desired;

/// Code of "off until acknowledged" in a household's details.
const AWAITING: u16 = 3;

impl Visitor<'_> {
    /// Looks which reminder keeps the household's supply off, if one does, and acknowledges it if the office has.
    pub(super) async fn drive_reminder(
        &self,
        bus: &mut Bus<'_>,
        met: &mut Met,
        position: u8,
        desired: &Desired,
    ) -> Result<(), Halt> {
        let index = usize::from(position);
        let reminds = |met: &Met| {
            let state = met.snapshot.households.get(index);
            state.is_some_and(|state| state.reasons().contains(Reasons::LOW_CREDIT_REMINDER))
        };
        if !reminds(met) {
            return Ok(());
        }
        let mut reminder = awaiting(bus, index).await?;
        if reminder != 0 && i64::from(reminder) == desired.acknowledged_reminder {
            let command = Command::Acknowledge { household: position, reminder };
            self.send(bus, &command, desired.household_id.as_str()).await?;
            if let Some(state) = met.snapshot.households.get_mut(index) {
                *state = read_back(bus, index).await?;
            }
            reminder = if reminds(met) { awaiting(bus, index).await? } else { 0 };
        }
        if let Some(slot) = met.reminders.get_mut(index) {
            *slot = reminder;
        }
        Ok(())
    }
}

/// The number of the reminder that waits to be acknowledged; 0 for none.
async fn awaiting(bus: &mut Bus<'_>, index: usize) -> Result<u32, LinkError> {
    let address = detail_address(index).ok_or(trouble::NO_SUCH_BLOCK)?;
    let words = bus.read(address, DETAIL_BLOCK_LEN).await?;
    let detail = decode_detail(&words).ok_or(trouble::NOT_A_BLOCK)?;
    Ok(if detail.reminder_state == AWAITING { detail.reminders } else { 0 })
}
