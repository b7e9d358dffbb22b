//! The meter's part in its history: what is worth an event, and what waits for the journal.

use super::{HOUSEHOLDS, Meter};
use crate::envelope::{Command, Refusal, WHOLE_METER};
use crate::events::{Event, EventKind};
use crate::evidence::Evidence;
use crate::household::Household;
use crate::loops::Loop;
use crate::meter::record::RecordKey;
use crate::protection::voltage::Fault;
use crate::relay::Reasons;
use crate::settings::LoopId;
use crate::units::MilliVolts;

/// What of a loop was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ToldLoop {
    closed: bool,
    fault: bool,
    capped: bool,
    locked: bool,
}

/// What of a household was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    loops: [ToldLoop; 2],
    reminders: u32,
    faults: [Fault; 3],
    reversed: u8,
}

impl ToldLoop {
    const fn of(fitted: &Loop, locked: bool) -> Self {
        Self {
            closed: fitted.relay_closed(),
            fault: fitted.relay_fault(),
            capped: fitted.reasons().contains(Reasons::POWER_CAP),
            locked,
        }
    }
}

impl Told {
    fn of(household: &Household) -> Self {
        let protection = household.protection();
        let locked = |id| protection.guard(id).locked_out();
        let second = household.second().map(|second| ToldLoop::of(second, locked(LoopId::Second)));
        let loops = [ToldLoop::of(household.main(), locked(LoopId::Main)), second.unwrap_or_default()];
        Self {
            loops,
            reminders: household.reminder().count(),
            faults: protection.faults(),
            reversed: household.reversing().told(),
        }
    }
}

const fn told_fault(fault: Fault) -> EventKind {
    match fault {
        Fault::None => EventKind::VoltageBack,
        Fault::Under => EventKind::UnderVoltage,
        Fault::Over => EventKind::OverVoltage,
        Fault::Lost => EventKind::PhaseLost,
    }
}

fn millivolts(voltage: MilliVolts) -> i32 {
    i32::try_from(voltage.0).unwrap_or(i32::MAX)
}

impl Meter {
    pub(super) fn tell(&mut self, kind: EventKind, household: Option<u8>, data: u16, value: i32) {
        self.tell_with(kind, household, (data, value), None);
    }

    pub(super) fn tell_with(
        &mut self,
        kind: EventKind,
        household: Option<u8>,
        said: (u16, i32),
        evidence: Option<Evidence>,
    ) {
        let at = self.clock.now();
        self.events.push(at, kind, household.unwrap_or(WHOLE_METER), said, evidence);
    }

    pub(super) fn tell_acknowledged(&mut self, household: u8, source: u16) {
        let number = self.household(usize::from(household)).map_or(0, |one| one.reminder().count());
        self.tell(EventKind::Acknowledged, Some(household), source, number as i32);
    }

    pub(super) fn tell_command(&mut self, command: &Command) {
        let household = command.household();
        let (kind, data, value) = match *command {
            Command::CreditTotals { totals, .. } => (EventKind::TotalsTaken, 0, totals.credited.0),
            Command::OpenEpoch { totals, .. } => (EventKind::EpochOpened, 0, totals.epoch),
            Command::Supply { supply, .. } => {
                (EventKind::SupplyCommanded, u16::from(supply.mode.code()), supply.generation)
            }
            Command::Clock { .. } => {
                let drift = self.clock.drift();
                let correction_s = drift.map_or(0, |drift| drift.correction_s);
                (EventKind::ClockSet, u16::from(drift.is_some()), correction_s as u32)
            }
            Command::HouseholdSettings { generation, block, .. } => {
                (EventKind::SettingsTaken, u16::from(block.number()), generation)
            }
            Command::MeterSettings { generation, block } => {
                (EventKind::SettingsTaken, u16::from(block.number()), generation)
            }
            Command::Acknowledge { reminder, .. } => (EventKind::Acknowledged, 0, reminder),
            Command::Release { lockout, .. } => (EventKind::Released, 0, lockout),
        };
        self.tell(kind, household, data, value as i32);
    }

    /// Tells what has changed in the households since this was done last.
    pub(super) fn tell_changes(&mut self) {
        for index in 0..HOUSEHOLDS {
            let (Some(household), Some(told)) = (self.households.get(index), self.told.get_mut(index)) else {
                continue;
            };
            let now = Told::of(household);
            let before = core::mem::replace(told, now);
            if now != before {
                self.tell_household(index as u8, &before, &now);
            }
        }
    }

    fn tell_household(&mut self, index: u8, before: &Told, now: &Told) {
        let Some(household) = self.household(usize::from(index)) else { return };
        let loops = [*household.main(), household.second().copied().unwrap_or_default()];
        let remaining = household.credit().remaining();
        let drop_out_s = household.settings().credit().drop_out_s;
        let (lockouts, voltage) = (household.protection().lockouts(), *household.protection().voltage());
        for (phase, (fault, voltage)) in (1..).zip(now.faults.into_iter().zip(voltage)) {
            if fault != before.faults[usize::from(phase) - 1] {
                self.tell(told_fault(fault), Some(index), phase, millivolts(voltage));
            }
        }
        if (now.reversed == 0) != (before.reversed == 0) {
            self.tell_reversal(index, now.reversed);
        }
        if now.reminders != before.reminders {
            self.tell(EventKind::Reminded, Some(index), drop_out_s, now.reminders as i32);
        }
        for (which, ((before, now), fitted)) in (0..).zip(before.loops.iter().zip(&now.loops).zip(&loops)) {
            if now.locked && !before.locked {
                self.tell(EventKind::LockedOut, Some(index), which, lockouts as i32);
            }
            self.tell_loop(index, which, [before, now], fitted, remaining);
        }
    }

    fn tell_reversal(&mut self, index: u8, phases: u8) {
        let Some(household) = self.household(usize::from(index)) else { return };
        let reverse_wh = i32::try_from(household.reverse().total().0).unwrap_or(i32::MAX);
        let (kind, value) = match phases {
            0 => (EventKind::ReverseEnded, reverse_wh),
            _ => (EventKind::ReverseBegan, household.power().0 / 1000),
        };
        self.tell(kind, Some(index), phases.into(), value);
    }

    fn tell_loop(
        &mut self,
        household: u8,
        which: u16,
        [before, now]: [&ToldLoop; 2],
        fitted: &Loop,
        remaining: i64,
    ) {
        let end = if remaining < 0 { i32::MIN } else { i32::MAX };
        let remaining = i32::try_from(remaining).unwrap_or(end);
        let household = Some(household);
        if now.capped && !before.capped {
            let power_w = fitted.measurement().power.0 / 1000;
            self.tell(EventKind::CapExceeded, household, which, power_w);
        }
        if now.closed != before.closed {
            let kind = match (which, now.closed) {
                (0, true) => EventKind::RelayClosed,
                (0, false) => EventKind::RelayOpened,
                (_, true) => EventKind::SecondRelayClosed,
                (_, false) => EventKind::SecondRelayOpened,
            };
            self.tell(kind, household, fitted.reasons().bits(), remaining);
        }
        if now.fault != before.fault {
            let kind = if now.fault { EventKind::FaultBegan } else { EventKind::FaultEnded };
            self.tell(kind, household, which, 0);
        }
    }

    /// A record that is not yet saved.
    pub(crate) fn next_change(&self) -> Option<RecordKey> {
        self.changes.first()
    }

    pub(crate) fn clear_change(&mut self, key: RecordKey) {
        self.changes.clear(key);
    }

    /// The oldest event that is not yet saved.
    pub(crate) fn next_event(&self) -> Option<Event> {
        self.events.peek()
    }

    pub(crate) fn clear_event(&mut self) {
        self.events.pop();
    }

    /// The latest envelope was taken but could not be saved.
    pub(crate) fn unrecord(&mut self, refusal: Refusal) {
        self.envelopes.taken = self.envelopes.taken.saturating_sub(1);
        self.envelopes.refused = self.envelopes.refused.saturating_add(1);
        if let Some(last) = &mut self.envelopes.last {
            last.result = Err(refusal);
        }
    }
}
