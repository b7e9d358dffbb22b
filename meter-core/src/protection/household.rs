//! The protection of a household: a guard for each loop, the voltage, and the lock-outs by number.

use super::guard::{Consequence, Guard, Releaser};
use super::overcurrent::Trip;
use super::phases::Phases;
use super::vicious::Cause;
use super::voltage::Fault;
use crate::bytes::{Reader, Writer};
use crate::envelope::Refusal;
use crate::household::Kind;
use crate::local_time::LocalTime;
use crate::relay::Reasons;
use crate::settings::{HouseholdSettings, LoopId};
use crate::units::{MilliAmps, MilliVolts};

/// What a household saw of the mains for a while, a cycle or longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Phase voltages before the relay; single-phase uses the first.
    pub voltage: [MilliVolts; 3],
    /// The largest current of any phase of the main loop, and of the second.
    pub current: [MilliAmps; 2],
}

/// The protection of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    guards: [Guard; 2],
    phases: Phases,
    voltage: [MilliVolts; 3],
    lockouts: u32,
}

impl Protection {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            guards: [Guard::default(); 2],
            phases: Phases::new(kind),
            voltage: [MilliVolts(0); 3],
            lockouts: 0,
        }
    }

    /// The guard of a loop.
    #[must_use]
    pub const fn guard(&self, id: LoopId) -> &Guard {
        let [main, second] = &self.guards;
        match id {
            LoopId::Main => main,
            LoopId::Second => second,
        }
    }

    const fn guard_mut(&mut self, id: LoopId) -> &mut Guard {
        let [main, second] = &mut self.guards;
        match id {
            LoopId::Main => main,
            LoopId::Second => second,
        }
    }

    /// How many lock-outs there ever were; the number of the latest.
    #[must_use]
    pub const fn lockouts(&self) -> u32 {
        self.lockouts
    }

    /// Whether a loop is locked out.
    #[must_use]
    pub fn locked_out(&self) -> bool {
        self.guards.iter().any(Guard::locked_out)
    }

    /// What is wrong with each phase.
    #[must_use]
    pub fn faults(&self) -> [Fault; 3] {
        self.phases.faults()
    }

    /// The voltages that it took last.
    #[must_use]
    pub const fn voltage(&self) -> &[MilliVolts; 3] {
        &self.voltage
    }

    /// Why it wants a loop's relay open.
    #[must_use]
    pub fn reasons(&self, id: LoopId) -> Reasons {
        self.guard(id).reasons().with(self.phases.reasons())
    }

    /// Takes what flowed over the last `elapsed_ms`; returns the trip of each loop.
    pub(crate) fn flow(
        &mut self,
        elapsed_ms: u32,
        flow: &Flow,
        settings: &HouseholdSettings,
    ) -> [Option<Trip>; 2] {
        self.voltage = flow.voltage;
        self.phases.flow(elapsed_ms, &flow.voltage, &settings.voltage().protection());
        LoopId::ALL.map(|id| {
            let current = flow.current[id.index()];
            self.counting(id, |guard| guard.flow(elapsed_ms, current, settings.of_loop(id)))
        })
    }

    pub(crate) fn follow_night(&mut self, now: Option<LocalTime>, settings: &HouseholdSettings) {
        for id in LoopId::ALL {
            self.guard_mut(id).follow_night(now, settings.of_loop(id));
        }
    }

    /// A vicious load was found on a loop.
    pub(crate) fn accuse(&mut self, id: LoopId, cause: Cause, settings: &HouseholdSettings) -> Consequence {
        self.counting(id, |guard| guard.accuse(cause, settings.of_loop(id)))
    }

    /// Does something to a guard that may lock it out, which has a number then.
    fn counting<T>(&mut self, id: LoopId, act: impl FnOnce(&mut Guard) -> T) -> T {
        let guard = self.guard_mut(id);
        let before = guard.locks();
        let answer = act(guard);
        let came = guard.locks() & !before;
        self.lockouts = self.lockouts.saturating_add(came.count_ones());
        answer
    }

    /// The office ends the lock-outs, and names the latest that it has seen, so that a replay ends no later
    /// one. Returns whether there was one.
    pub(crate) fn release_number(
        &mut self,
        number: u32,
        settings: &HouseholdSettings,
    ) -> Result<bool, Refusal> {
        match number {
            number if number < self.lockouts => Err(Refusal::Stale),
            number if number > self.lockouts => Err(Refusal::OutOfRange),
            _ => Ok(self.release(Releaser::Office, settings)),
        }
    }

    /// Somebody at the meter, who ends those lock-outs that the settings permit.
    pub(crate) fn release_by_resident(&mut self, settings: &HouseholdSettings) -> bool {
        self.release(Releaser::Resident, settings)
    }

    fn release(&mut self, by: Releaser, settings: &HouseholdSettings) -> bool {
        let release = |id| self.guard_mut(id).release(by, settings.of_loop(id));
        LoopId::ALL.map(release).contains(&true)
    }

    /// What a record holds of it: the lock-outs, by number and by loop.
    pub(crate) fn saved(&self) -> (u32, [u8; 2]) {
        // Asked for every cycle: the guards are not to be copied for it.
        let [main, second] = &self.guards;
        (self.lockouts, [main.locks(), second.locks()])
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        let (lockouts, locks) = self.saved();
        writer.u32(lockouts)?;
        writer.bytes(&locks)
    }

    /// The rest is as it was, which is as from the factory after a start.
    pub(crate) fn read(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        self.lockouts = reader.u32()?;
        let [main, second] = reader.array()?;
        self.guards = [Guard::with_locks(main)?, Guard::with_locks(second)?];
        Some(())
    }
}
