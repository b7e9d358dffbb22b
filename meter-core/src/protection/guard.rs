//! What guards one loop: its over-current protection, the recovery from vicious loads, and whether it is night.

use super::overcurrent::{OverCurrent, Trip};
use super::recovery::{Phase, Recovery};
use super::vicious::{Cause, Mode};
use crate::local_time::LocalTime;
use crate::relay::Reasons;
use crate::settings::LoopSettings;
use crate::units::MilliAmps;

/// An alarm of the same cause is not told again until it has been quiet for so long: a cooker that pulses for
/// an hour is one alarm.
const ALARM_QUIET_MS: u32 = 60_000;

/// Bits of a record.
const OVER_CURRENT: u8 = 1;
const VICIOUS: u8 = 1 << 1;

/// The guard of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    over_current: OverCurrent,
    vicious: Recovery,
    night: bool,
    /// The latest alarm, and for how much longer the same one is not told, ms.
    alarm: Option<(Cause, u32)>,
}

/// What follows from a vicious load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consequence {
    /// None: the loop is not watched, is open already, or the same was told just now.
    Nothing,
    /// It is told.
    Alarm,
    /// It is told, and the loop opens.
    Trip,
}

/// Who ends a lock-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Releaser {
    /// By a sealed command.
    Office,
    /// By the button, where the settings permit it.
    Resident,
}

impl Guard {
    /// Where its over-current protection stands.
    #[must_use]
    pub const fn over_current(&self) -> &OverCurrent {
        &self.over_current
    }

    /// Where its control of vicious loads stands.
    #[must_use]
    pub const fn vicious(&self) -> &Recovery {
        &self.vicious
    }

    /// Whether its night cap holds.
    #[must_use]
    pub const fn is_night(&self) -> bool {
        self.night
    }

    /// Whether one of them has locked the loop out.
    #[must_use]
    pub const fn locked_out(&self) -> bool {
        self.locks() != 0
    }

    /// Why they want the relay open.
    #[must_use]
    pub fn reasons(&self) -> Reasons {
        let over_current = Reasons::OVER_CURRENT.only_if(self.over_current.phase() != Phase::Closed);
        let vicious = Reasons::VICIOUS_LOAD.only_if(self.vicious.open());
        over_current.with(vicious).with(Reasons::LOCKED_OUT.only_if(self.locked_out()))
    }

    /// Takes the largest current of any phase over the last `elapsed_ms`, which the recoveries wait through.
    pub(super) fn flow(
        &mut self,
        elapsed_ms: u32,
        current: MilliAmps,
        settings: &LoopSettings,
    ) -> Option<Trip> {
        self.vicious.tick(elapsed_ms, &settings.vicious().policy());
        let left = |(cause, left_ms): (Cause, u32)| Some((cause, left_ms.checked_sub(elapsed_ms)?));
        self.alarm = self.alarm.and_then(left);
        self.over_current.tick(elapsed_ms, current, &settings.over_current().protection())
    }

    /// Looks whether it is night. Without a clock it never is: it would never end.
    pub(super) fn follow_night(&mut self, now: Option<LocalTime>, settings: &LoopSettings) {
        let nights = settings.vicious().nights;
        self.night = now.is_some_and(|now| nights.iter().any(|night| night.holds(now)));
    }

    /// A vicious load was found.
    pub(super) fn accuse(&mut self, cause: Cause, settings: &LoopSettings) -> Consequence {
        let told = self.alarm.is_some_and(|(latest, _)| latest == cause);
        match settings.rules().mode {
            Mode::Trip if !self.vicious.open() => {
                self.vicious.trip(&settings.vicious().policy());
                Consequence::Trip
            }
            Mode::Alarm => {
                self.alarm = Some((cause, ALARM_QUIET_MS));
                if told { Consequence::Nothing } else { Consequence::Alarm }
            }
            Mode::Off | Mode::Trip => Consequence::Nothing,
        }
    }

    /// Ends the lock-outs that this one may end; waits go on, and their trips still count. Returns whether
    /// there was one.
    pub(super) fn release(&mut self, by: Releaser, settings: &LoopSettings) -> bool {
        let may = |resident_release: u16| by == Releaser::Office || resident_release == 1;
        let locks = self.locks();
        let over_current = locks & OVER_CURRENT != 0 && may(settings.over_current().resident_release);
        let vicious = locks & VICIOUS != 0 && may(settings.vicious().resident_release);
        (over_current && self.over_current.release()) | (vicious && self.vicious.release())
    }

    /// Which protections have locked the loop out, as a record holds it.
    pub(super) const fn locks(&self) -> u8 {
        lock(self.over_current.phase(), OVER_CURRENT) | lock(self.vicious.phase(), VICIOUS)
    }

    /// As a record says. A wait that was running counts as over: the outage was one.
    pub(super) fn with_locks(locks: u8) -> Option<Self> {
        if locks & !(OVER_CURRENT | VICIOUS) != 0 {
            return None;
        }
        let over_current =
            if locks & OVER_CURRENT != 0 { OverCurrent::LOCKED_OUT } else { OverCurrent::NONE };
        let vicious = if locks & VICIOUS != 0 { Recovery::LOCKED_OUT } else { Recovery::NONE };
        Some(Self { over_current, vicious, ..Self::default() })
    }
}

const fn lock(phase: Phase, bit: u8) -> u8 {
    if matches!(phase, Phase::LockedOut) { bit } else { 0 }
}
