//! The meter's part in protection: what flows comes in by cycles or by ticks, and vicious loads as verdicts.
//!
//! Whoever has the cycles of the mains (the metrology, or a simulation of it) feeds them between ticks. Of
//! time that no cycle was seen of, the measurement of a tick is judged instead, so a meter without cycles is
//! protected as fast as it is ticked.

use super::{HOUSEHOLDS, Inputs, Meter};
use crate::events::EventKind;
use crate::evidence::Evidence;
use crate::measurement::Measurement;
use crate::meter::record::RecordKey;
use crate::protection::vicious::{Verdict, Watched};
use crate::protection::{Consequence, Flow};
use crate::settings::LoopId;
use crate::units::MilliAmps;

/// Time without cycles up to this is left for the next tick, ms: ticks and cycles do not end together.
const UNSEEN_MS: i32 = 100;
/// Cycles may be ahead of the ticks by this much, ms.
const AHEAD_MS: i32 = 2000;

/// How far protection has seen the mains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// By how much the cycles are ahead of the ticks, ms.
    ahead_ms: i32,
    /// Parts of a millisecond of the latest cycle, µs.
    residue_us: u32,
}

impl Meter {
    /// How a loop is to be watched; `None` if there is no such household or loop.
    #[must_use]
    pub fn watched(&self, household: usize, id: LoopId) -> Option<Watched<'_>> {
        let household = self.household(household)?;
        let fitted = match id {
            LoopId::Main => household.main(),
            LoopId::Second => household.second()?,
        };
        Some(Watched {
            rules: household.settings().of_loop(id).rules(),
            night: household.protection().guard(id).is_night(),
            closed: fitted.relay_closed(),
        })
    }

    /// Takes what flowed over one cycle of the mains (or a few), which lasted `duration_us`; the relays follow
    /// at once.
    pub fn cycle(&mut self, duration_us: u32, flows: &[Flow; HOUSEHOLDS]) {
        let total_us = duration_us.saturating_add(self.seen.residue_us);
        let elapsed_ms = total_us / 1000;
        self.seen.residue_us = total_us % 1000;
        let ahead_ms = self.seen.ahead_ms.saturating_add_unsigned(elapsed_ms);
        self.seen.ahead_ms = ahead_ms.min(AHEAD_MS);
        if self.protect(elapsed_ms, flows) {
            self.settle();
        }
    }

    /// Judges the part of a tick that no cycle was seen of.
    pub(super) fn protect_unseen(&mut self, elapsed_ms: u32, inputs: &Inputs) {
        let ahead_ms = self.seen.ahead_ms.saturating_sub_unsigned(elapsed_ms);
        if ahead_ms > -UNSEEN_MS {
            self.seen.ahead_ms = ahead_ms;
            return;
        }
        self.seen.ahead_ms = 0;
        self.protect(ahead_ms.unsigned_abs(), &core::array::from_fn(|index| inputs.flow(index)));
    }

    /// Returns whether a protection changed its mind about a relay.
    fn protect(&mut self, elapsed_ms: u32, flows: &[Flow; HOUSEHOLDS]) -> bool {
        let mut changed = false;
        for (index, flow) in (0..).zip(flows) {
            let Some(household) = self.households.get_mut(usize::from(index)) else { continue };
            let (protection, settings) = household.protecting();
            let reasons = |protection: &crate::protection::Protection| {
                (LoopId::ALL.map(|id| protection.reasons(id)), protection.faults())
            };
            let before = (reasons(protection), protection.saved());
            let trips = protection.flow(elapsed_ms, flow, settings);
            let after = (reasons(protection), protection.saved());
            changed |= before.0 != after.0;
            if before.1 != after.1 {
                self.changes.mark(RecordKey::Protection(index));
            }
            for (which, trip) in (0..).zip(trips) {
                if let Some(trip) = trip {
                    let current_ma = i32::try_from(trip.current.0).unwrap_or(i32::MAX);
                    let evidence = Evidence::of_trip(&trip);
                    let said = (which, current_ma);
                    self.tell_with(EventKind::OverCurrentTrip, Some(index), said, Some(evidence));
                }
            }
        }
        changed
    }

    /// A detector found a vicious load on a loop; `phase` 1 to 3 of a three-phase household, 0 of another. The
    /// relay follows at once. Nothing happens if the loop is not watched, or open already, or if there is no
    /// such household.
    pub fn accuse(&mut self, household: u8, id: LoopId, phase: u8, verdict: &Verdict) {
        let index = usize::from(household);
        if !self.watched(index, id).is_some_and(|watched| watched.closed) {
            return;
        }
        let Some(accused) = self.households.get_mut(index) else { return };
        let (protection, settings) = accused.protecting();
        let before = protection.saved();
        let kind = match protection.accuse(id, verdict.cause, settings) {
            Consequence::Nothing => return,
            Consequence::Alarm => EventKind::ViciousAlarm,
            Consequence::Trip => EventKind::ViciousTrip,
        };
        if protection.saved() != before {
            self.changes.mark(RecordKey::Protection(household));
        }
        let power_w = i32::try_from(verdict.evidence.power_w).unwrap_or(i32::MAX);
        let place = u16::from(phase) << 8 | id as u16;
        self.tell_with(kind, Some(household), (place, power_w), Some(Evidence::of_verdict(verdict)));
        self.settle();
    }

    /// Somebody at the meter ends a household's lock-outs, where the settings permit it.
    pub(super) fn release_by_resident(&mut self, household: u8) -> bool {
        let Ok(locked) = self.addressed(household) else { return false };
        let (protection, settings) = locked.protecting();
        let released = protection.release_by_resident(settings);
        let number = protection.lockouts();
        if released {
            self.changes.mark(RecordKey::Protection(household));
            self.tell(EventKind::Released, Some(household), 1, number as i32);
            self.settle();
        }
        released
    }
}

impl Inputs {
    /// What a tick measured of a household, for its protection.
    fn flow(&self, index: usize) -> Flow {
        let main = self.measurements.get(index).copied().unwrap_or_default();
        let second = self.second_measurements.get(index).copied().unwrap_or_default();
        Flow { voltage: main.voltage, current: [largest(&main), largest(&second)] }
    }
}

fn largest(measurement: &Measurement) -> MilliAmps {
    measurement.current.into_iter().max().unwrap_or_default()
}
