//! Whom to visit next on a line: wishes before polls, and the dark ones without starving the live. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

/// How soon a live unit is looked at again when it is about to change: a relay that has not followed yet.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// However many live units are due, one visit in this many goes to a dark one that is due.
const LIVE_VISITS_A_DARK_ONE: u32 = 8;

/// How often to visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From one visit to a live unit to the next.
    pub interval: Duration,
    /// The first pause before one that does not answer; doubled with each failure in a row.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Pace {
    /// The pause after so many failures in a row, a quarter more or less, so that those which fell silent together do
    /// not come back together.
    #[must_use]
    pub fn pause(&self, failures: u32, rng: &mut Rng) -> Duration {
        let doubled = self.first_pause.saturating_mul(1 << failures.saturating_sub(1).min(16));
        doubled.min(self.longest_pause).mul_f64(0.75 + rng.f64() / 2.0)
    }
}

/// How a visit went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The unit answered, and there is nothing to wait for.
    Answered,
    /// The unit answered and is about to change.
    Changing,
    /// It did not answer, or not as a meter of ours does.
    Failed,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Visit this unit.
    Visit(u8),
    /// Nothing is due before this.
    WaitUntil(Instant),
    /// There are no units.
    Idle,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    due: Instant,
    failures: u32,
    wished: bool,
}

/// The units of one line and when each is due.
#[derive(Debug)]
pub struct Schedule {
    pace: Pace,
    rng: Rng,
    slots: BTreeMap<u8, Slot>,
    live_visits_since_dark: u32,
}

impl Schedule {
    /// Visits at this pace; `rng` spreads the dark ones.
    #[must_use]
    pub fn new(pace: Pace, rng: Rng) -> Self {
        Self { pace, rng, slots: BTreeMap::new(), live_visits_since_dark: 0 }
    }

    /// Has exactly these units from now on; a new one is due at once.
    pub fn set_units(&mut self, units: impl IntoIterator<Item = u8>, now: Instant) {
        let mut old = std::mem::take(&mut self.slots);
        let fresh = Slot { due: now, failures: 0, wished: false };
        self.slots = units.into_iter().map(|unit| (unit, old.remove(&unit).unwrap_or(fresh))).collect();
    }

    /// Something is wanted of the unit: it is due now, before every poll. A dark one is tried once, out of turn.
    pub fn hurry(&mut self, unit: u8, now: Instant) {
        if let Some(slot) = self.slots.get_mut(&unit) {
            slot.wished = true;
            slot.due = slot.due.min(now);
        }
    }

    /// Whether another unit is due, so that a visit to this one keeps somebody waiting.
    #[must_use]
    pub fn others_wait(&self, unit: u8, now: Instant) -> bool {
        self.slots.iter().any(|(other, slot)| *other != unit && slot.failures == 0 && slot.due <= now)
    }

    /// Everything is due now: the way to the units is open again.
    pub fn all_due(&mut self, now: Instant) {
        for slot in self.slots.values_mut() {
            slot.due = now;
        }
    }

    /// Notes a visit and returns how many have failed in a row.
    pub fn visited(&mut self, unit: u8, outcome: Outcome, now: Instant) -> u32 {
        let Some(slot) = self.slots.get_mut(&unit) else { return 0 };
        let was_dark = slot.failures > 0;
        self.live_visits_since_dark =
            if was_dark { 0 } else { self.live_visits_since_dark.saturating_add(1) };
        slot.wished = false;
        slot.failures = if outcome == Outcome::Failed { slot.failures.saturating_add(1) } else { 0 };
        slot.due = now
            + match outcome {
                Outcome::Answered => self.pace.interval,
                Outcome::Changing => self.pace.interval.min(LOOK_AGAIN),
                Outcome::Failed => self.pace.pause(slot.failures, &mut self.rng),
            };
        slot.failures
    }

    /// Wished-for live units first, then live ones by the time they are due, then dark ones likewise; but a dark one
    /// that is due gets its turn among many live ones.
    #[must_use]
    pub fn next(&self, now: Instant) -> Next {
        let due = |wanted: &dyn Fn(&Slot) -> bool| {
            let due = self.slots.iter().filter(|(_, slot)| slot.due <= now && wanted(slot));
            due.min_by_key(|(_, slot)| slot.due).map(|(unit, _)| Next::Visit(*unit))
        };
        let wished = due(&|slot| slot.failures == 0 && slot.wished);
        let live = due(&|slot| slot.failures == 0);
        let dark = due(&|slot| slot.failures > 0);
        let dark_turn = self.live_visits_since_dark >= LIVE_VISITS_A_DARK_ONE;
        let rest = if dark_turn { dark.or(live) } else { live.or(dark) };
        wished.or(rest).unwrap_or_else(|| self.earliest())
    }

    fn earliest(&self) -> Next {
        self.slots.values().map(|slot| slot.due).min().map_or(Next::Idle, Next::WaitUntil)
    }
}

#[cfg(test)]
mod tests;
