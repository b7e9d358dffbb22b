//! The watch over one loop: a detector, and what follows from its verdicts. The relay opens, closes again
//! after a wait, and what comes back is looked at; too many trips within a window lock the loop out.

use super::detector::Detector;
use super::rules::{Mode, Settings, Verdict};
use crate::metrology::CurrentCycle;
use crate::protection::recovery::{Phase, Policy, Recovery};

/// One watched loop.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    detector: Detector,
    recovery: Recovery,
}

impl Watch {
    /// A loop of which nothing is known yet, closed.
    #[must_use]
    pub const fn new() -> Self {
        Self { detector: Detector::new(), recovery: Recovery::NONE }
    }

    /// Whether the watch wants the relay open, and for how long.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.recovery.phase()
    }

    /// Trips within the window.
    #[must_use]
    pub const fn trips(&self) -> u8 {
        self.recovery.trips()
    }

    /// Takes one cycle; a verdict is to be recorded, and opens the relay where the mode is
    /// [`Mode::Trip`]. `night`: the night cap holds.
    pub fn observe(
        &mut self,
        cycle: &CurrentCycle,
        settings: &Settings,
        policy: &Policy,
        night: bool,
    ) -> Option<Verdict> {
        if self.recovery.open() {
            return None;
        }
        let verdict = self.detector.observe(cycle, settings, night)?;
        if settings.mode == Mode::Trip {
            self.recovery.trip(policy);
            self.detector.relay_opened();
        }
        Some(verdict)
    }

    /// The relay was opened for another reason: what comes back comes onto nothing.
    pub fn relay_opened(&mut self) {
        self.detector.relay_opened();
    }

    /// Lets time pass. Returns whether the loop may close now, having been open.
    pub fn tick(&mut self, elapsed_ms: u32, policy: &Policy) -> bool {
        self.recovery.tick(elapsed_ms, policy)
    }

    /// Ends a wait or a lock-out. Returns whether there was one.
    pub fn release(&mut self) -> bool {
        self.recovery.release()
    }
}
