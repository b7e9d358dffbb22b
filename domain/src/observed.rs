//! What a meter of any kind says of an outlet, in words: why its relay is open, and what else there is to tell.

use crate::set::{Listed, Set};

/// Why a relay is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenReason {
    /// Nobody lives there: no epoch was opened yet.
    Vacant,
    /// The credit is used up, and what overdraft there is.
    OutOfCredit,
    /// Switched off by the office.
    ForcedOff,
    /// A drop-out that reminds of low credit.
    Reminder,
    /// Off at this time by the loop's schedule.
    Schedule,
    /// Drew more than the schedule's cap, and is not yet to be tried again.
    PowerCap,
    /// Drew more than its limit of current.
    OverCurrent,
    /// A vicious load was found.
    ViciousLoad,
    /// Too little voltage on a phase.
    UnderVoltage,
    /// Too much voltage on a phase.
    OverVoltage,
    /// A phase of three has no voltage.
    PhaseLoss,
    /// Tripped too often, and stays open until released.
    LockedOut,
    /// A reason that this program has no word for.
    Other,
}

impl OpenReason {
    /// Whether it is one of protection's.
    #[must_use]
    pub const fn is_protection(self) -> bool {
        matches!(
            self,
            Self::OverCurrent
                | Self::ViciousLoad
                | Self::UnderVoltage
                | Self::OverVoltage
                | Self::PhaseLoss
                | Self::LockedOut
        )
    }
}

impl Listed for OpenReason {
    const WHAT: &'static str = "reason to be open";
    const ALL: &'static [Self] = &[
        Self::Vacant,
        Self::OutOfCredit,
        Self::ForcedOff,
        Self::Reminder,
        Self::Schedule,
        Self::PowerCap,
        Self::OverCurrent,
        Self::ViciousLoad,
        Self::UnderVoltage,
        Self::OverVoltage,
        Self::PhaseLoss,
        Self::LockedOut,
        Self::Other,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Vacant => "vacant",
            Self::OutOfCredit => "out-of-credit",
            Self::ForcedOff => "forced-off",
            Self::Reminder => "reminder",
            Self::Schedule => "schedule",
            Self::PowerCap => "power-cap",
            Self::OverCurrent => "over-current",
            Self::ViciousLoad => "vicious-load",
            Self::UnderVoltage => "under-voltage",
            Self::OverVoltage => "over-voltage",
            Self::PhaseLoss => "phase-loss",
            Self::LockedOut => "locked-out",
            Self::Other => "other",
        }
    }
}

/// The reasons for a relay to be open; none: it is closed.
pub type OpenReasons = Set<OpenReason>;

/// What else an outlet has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// The credit runs low.
    LowCredit,
    /// The overdraft is in use.
    Overdrawn,
    /// The supply stays on whatever the credit, at this time of the day.
    FriendlyTime,
    /// It has a second loop.
    SecondLoop,
    /// The second loop's contact is closed.
    SecondClosed,
    /// The second loop's contact has disagreed with its command for too long.
    SecondFault,
    /// A loop is locked out.
    LockedOut,
    /// A protection keeps a loop open.
    ProtectionOpen,
}

impl Listed for Sign {
    const WHAT: &'static str = "sign of an outlet";
    const ALL: &'static [Self] = &[
        Self::LowCredit,
        Self::Overdrawn,
        Self::FriendlyTime,
        Self::SecondLoop,
        Self::SecondClosed,
        Self::SecondFault,
        Self::LockedOut,
        Self::ProtectionOpen,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::LowCredit => "low-credit",
            Self::Overdrawn => "overdrawn",
            Self::FriendlyTime => "friendly-time",
            Self::SecondLoop => "second-loop",
            Self::SecondClosed => "second-closed",
            Self::SecondFault => "second-fault",
            Self::LockedOut => "locked-out",
            Self::ProtectionOpen => "protection-open",
        }
    }
}

/// Those that hold.
pub type Signs = Set<Sign>;

/// A lock-out that whoever lives there may end by the button at the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Release {
    /// After an over-current of the main loop.
    OverCurrent,
    /// After a vicious load of the main loop.
    ViciousLoad,
    /// After an over-current of the second loop.
    SecondOverCurrent,
    /// After a vicious load of the second loop.
    SecondViciousLoad,
}

impl Listed for Release {
    const WHAT: &'static str = "release by the button";
    const ALL: &'static [Self] =
        &[Self::OverCurrent, Self::ViciousLoad, Self::SecondOverCurrent, Self::SecondViciousLoad];

    fn as_str(self) -> &'static str {
        match self {
            Self::OverCurrent => "over-current",
            Self::ViciousLoad => "vicious-load",
            Self::SecondOverCurrent => "second-over-current",
            Self::SecondViciousLoad => "second-vicious-load",
        }
    }
}

/// Those that the button ends.
pub type Releases = Set<Release>;

#[cfg(test)]
mod tests {
    use super::*;

    fn reads_back<T: Listed + std::fmt::Debug>() {
        for one in T::ALL {
            let set = Set::of([*one]);
            assert_eq!(set.to_string().parse::<Set<T>>().unwrap(), set);
            assert!(set.has(*one) && set.without(*one).is_empty());
        }
        let all = Set::of(T::ALL.iter().copied());
        assert_eq!(all.to_string().parse::<Set<T>>().unwrap(), all);
        assert_eq!(all.iter().count(), T::ALL.len());
        assert!("nonsense".parse::<Set<T>>().is_err());
        assert!("".parse::<Set<T>>().unwrap().is_empty());
    }

    #[test]
    fn what_is_stored_reads_back() {
        reads_back::<OpenReason>();
        reads_back::<Sign>();
        reads_back::<Release>();
    }

    #[test]
    fn protection_is_told_from_credit() {
        let trip = Set::of([OpenReason::ViciousLoad, OpenReason::LockedOut]);
        assert_eq!(trip.with(OpenReason::OutOfCredit).only(OpenReason::is_protection), trip);
        assert!(Set::of([OpenReason::Schedule]).only(OpenReason::is_protection).is_empty());
    }
}
