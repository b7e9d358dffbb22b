//! What to tell a meter of ours next: compares what the office wants with what was read back. Pure.
//!
//! There is no memory of what was sent. A command that was lost is planned again because the meter still differs; one
//! that arrived is not, because it no longer does.

mod settings;

pub use settings::{BlockStep, block_step};

use meter_core::credit::Totals;
use meter_core::envelope::Command;
use meter_core::registers::{Header, HouseholdState};
use meter_core::relay::{Override, SupplyMode as MeterMode};
use meter_core::units::{UnixSeconds, WattHours};

use domain::health::Anomaly;
use domain::supply::{Desired, SupplyMode};

use crate::field::driver;

/// What a household needs.
pub type Plan = driver::Plan<Command>;
/// One thing to do for a household.
pub type Step = driver::Step<Command>;

/// The next step for household `position` (0–10): credit before supply, as people wait for it. `hoarding_wh` is the most
/// credit that the meter was read to keep; 0 for any.
#[must_use]
pub fn next_step(position: u8, desired: &Desired, found: &HouseholdState, hoarding_wh: u32) -> Plan {
    let credit = within(hoarding_wh, credit_step(position, desired, found), found);
    let supply = supply_step(position, desired, found);
    Plan { step: credit.step.or(supply.step), anomaly: credit.anomaly.or(supply.anomaly) }
}

/// The next step for a household whose credit is held back, as its meter lost its memory: supply only.
#[must_use]
pub fn held_step(position: u8, desired: &Desired, found: &HouseholdState) -> Plan {
    Plan { anomaly: Some(Anomaly::MemoryLost), ..supply_step(position, desired, found) }
}

/// The plan for a meter that refuses what lifts its credit above a limit: as much is sent as there is room for, once
/// half of the room is free, so that residents never wait in the dark for credit that they own and the line is not
/// kept busy with crumbs.
fn within(hoarding_wh: u32, plan: Plan, found: &HouseholdState) -> Plan {
    let Some(Step::Send(command)) = plan.step else { return plan };
    let (Command::OpenEpoch { totals, .. } | Command::CreditTotals { totals, .. }) = command else {
        return plan;
    };
    let (same_epoch, limit_wh) = (totals.epoch == found.epoch, i64::from(hoarding_wh));
    let (used_wh, held_wh) = if same_epoch { (found.used_wh, i64::from(found.remaining_wh)) } else { (0, 0) };
    let remaining_wh = i64::from(totals.credited.0) - i64::from(totals.debited.0) - i64::from(used_wh);
    let excess_wh = remaining_wh - limit_wh;
    if hoarding_wh == 0 || excess_wh <= 0 || same_epoch && remaining_wh <= held_wh {
        return plan;
    }
    let part = u32::try_from(i64::from(totals.credited.0) - excess_wh).ok();
    let part = part.filter(|part| !same_epoch || *part > found.credited_wh && held_wh <= limit_wh / 2);
    match part {
        Some(part) => {
            let totals = Totals { credited: WattHours(part), ..totals };
            Plan { step: Some(Step::Send(with_totals(command, totals))), anomaly: Some(Anomaly::Hoarding) }
        }
        None => anomaly(Anomaly::Hoarding),
    }
}

const fn with_totals(command: Command, totals: Totals) -> Command {
    match command {
        Command::OpenEpoch { household, .. } => Command::OpenEpoch { household, totals },
        Command::CreditTotals { household, .. } => Command::CreditTotals { household, totals },
        other => other,
    }
}

/// The generation of the next setting of the clock, if one is needed: it is unknown, or off by more than
/// `tolerance_s`. At least one beyond every generation that the meter or the books (`stored`) know; to be stored before
/// it is used. `None` as well when the generations are used up.
#[must_use]
pub fn clock_generation(header: &Header, stored: u32, now_s: i64, tolerance_s: i64) -> Option<u32> {
    let right = clock_drift_s(header, now_s).is_some_and(|drift_s| drift_s.abs() <= tolerance_s);
    if right { None } else { stored.max(header.clock_generation).checked_add(1) }
}

/// How far the meter's clock is ahead, in seconds; `None` while it is unknown.
#[must_use]
pub fn clock_drift_s(header: &Header, now_s: i64) -> Option<i64> {
    header.clock_known().then(|| i64::from(header.clock_s) - now_s)
}

fn credit_step(household: u8, desired: &Desired, found: &HouseholdState) -> Plan {
    let Some(totals) = totals(desired) else { return anomaly(Anomaly::MeterAhead) };
    let (epoch, credited, debited) = (found.epoch, found.credited_wh, found.debited_wh);
    if epoch < totals.epoch {
        return send(Command::OpenEpoch { household, totals });
    }
    if epoch > totals.epoch || credited > totals.credited.0 || debited > totals.debited.0 {
        return anomaly(Anomaly::MeterAhead);
    }
    if (credited, debited) == (totals.credited.0, totals.debited.0) {
        return Plan::default();
    }
    send(Command::CreditTotals { household, totals })
}

fn totals(desired: &Desired) -> Option<Totals> {
    Some(Totals {
        epoch: u32::try_from(desired.epoch).ok()?,
        credited: WattHours(u32::try_from(desired.credited_wh).ok()?),
        debited: WattHours(u32::try_from(desired.debited_wh).ok()?),
    })
}

fn supply_step(household: u8, desired: &Desired, found: &HouseholdState) -> Plan {
    let Some(wanted) = supply(desired) else { return anomaly(Anomaly::SupplyOutOfRange) };
    let wanted_until_s = wanted.until.map_or(0, UnixSeconds::get);
    if found.supply_mode() == Some(wanted.mode) && found.supply_until_s == wanted_until_s {
        return Plan::default();
    }
    if wanted.generation > found.supply_generation {
        return send(Command::Supply { household, supply: wanted });
    }
    match found.supply_generation.checked_add(1) {
        Some(next) => Plan { step: Some(Step::NeedsGeneration(next)), anomaly: None },
        None => anomaly(Anomaly::SupplyOutOfRange),
    }
}

/// The override as the meter takes it: forced-on has an end, auto has none.
fn supply(desired: &Desired) -> Option<Override> {
    let mode = match desired.supply_mode {
        SupplyMode::Auto => MeterMode::Auto,
        SupplyMode::Off => MeterMode::ForcedOff,
        SupplyMode::On => MeterMode::ForcedOn,
    };
    let until = match u32::try_from(desired.supply_until_s()).ok()? {
        0 => None,
        until_s => Some(UnixSeconds(until_s)),
    };
    let end_fits = match mode {
        MeterMode::Auto => until.is_none(),
        MeterMode::ForcedOff => true,
        MeterMode::ForcedOn => until.is_some(),
    };
    let generation = u32::try_from(desired.supply_generation).ok()?;
    end_fits.then_some(Override { mode, until, generation })
}

const fn send(command: Command) -> Plan {
    Plan { step: Some(Step::Send(command)), anomaly: None }
}

const fn anomaly(anomaly: Anomaly) -> Plan {
    Plan { step: None, anomaly: Some(anomaly) }
}

#[cfg(test)]
mod tests;
