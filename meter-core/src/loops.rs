//! A loop of a household: its relay with the reasons to be open, its contact, its time control.

use crate::measurement::{Counted, Measurement};
use crate::relay::Reasons;
use crate::schedule::{CapWatch, Moment};
use crate::settings::{LoopSettings, Rule};

/// A contact that disagrees with its command for longer than this is a fault; a relay needs well under
/// a second.
pub const RELAY_FAULT_AFTER_MS: u32 = 2000;

/// The state of a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loop {
    reasons: Reasons,
    contact_closed: bool,
    disagreeing_ms: u32,
    measurement: Measurement,
    rule: Rule,
    cap: CapWatch,
}

impl Loop {
    /// Why the relay is open; empty when it is closed.
    #[must_use]
    pub const fn reasons(&self) -> Reasons {
        self.reasons
    }

    /// Whether the relay is commanded closed.
    #[must_use]
    pub const fn relay_closed(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Whether the contact was closed when last read back.
    #[must_use]
    pub const fn contact_closed(&self) -> bool {
        self.contact_closed
    }

    /// Whether the contact has disagreed with the command for too long.
    #[must_use]
    pub const fn relay_fault(&self) -> bool {
        self.disagreeing_ms > RELAY_FAULT_AFTER_MS
    }

    /// What was measured last.
    #[must_use]
    pub const fn measurement(&self) -> &Measurement {
        &self.measurement
    }

    /// What the schedule says of it now.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The watch over its power cap.
    #[must_use]
    pub const fn cap(&self) -> &CapWatch {
        &self.cap
    }

    /// Takes what was measured over `elapsed_ms` and returns what of it is counted.
    pub(crate) fn measure(
        &mut self,
        elapsed_ms: u32,
        measurement: &Measurement,
        contact_closed: bool,
        settings: &LoopSettings,
    ) -> Counted {
        self.measurement = *measurement;
        self.contact_closed = contact_closed;
        self.disagreeing_ms = if contact_closed == self.relay_closed() {
            0
        } else {
            self.disagreeing_ms.saturating_add(elapsed_ms)
        };
        if let Rule::Capped(cap_w) = self.rule {
            self.cap.tick(elapsed_ms, measurement.power, cap_w, settings.cap());
        }
        measurement.counted(elapsed_ms)
    }

    /// Looks up what the schedule says now; another rule than before ends a recovery. Returns the
    /// schedule's reasons to be open.
    pub(crate) fn consult_schedule(&mut self, moment: &Moment, settings: &LoopSettings) -> Reasons {
        let rule = moment.rule(settings);
        if rule != self.rule {
            self.rule = rule;
            self.cap = CapWatch::default();
        }
        match rule {
            Rule::Off => Reasons::SCHEDULE,
            Rule::Capped(_) if self.cap.is_open() => Reasons::POWER_CAP,
            Rule::On | Rule::Capped(_) => Reasons::default(),
        }
    }

    /// Switches the relay. A new command gives the contact its time again.
    pub(crate) fn switch(&mut self, reasons: Reasons) {
        let was_closed = self.relay_closed();
        self.reasons = reasons;
        if self.relay_closed() != was_closed {
            self.disagreeing_ms = 0;
        }
    }
}
