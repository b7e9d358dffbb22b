//! Arbitration: the set of reasons for a household's relay to be open. Closed exactly when it is empty.

use crate::bytes::{Reader, Writer};
use crate::units::UnixSeconds;
use core::fmt;

/// A set of reasons to be open, one bit each as in the register map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Reasons {
    /// Bit 0: no epoch was opened yet.
    pub const VACANT: Self = Self(1);
    /// Bit 1: the credit is used up to the cut-off level, and the overdraft with it.
    pub const OUT_OF_CREDIT: Self = Self(1 << 1);
    /// Bit 2: switched off by command.
    pub const FORCED_OFF: Self = Self(1 << 2);
    /// Bit 3: a drop-out that reminds of low credit.
    pub const LOW_CREDIT_REMINDER: Self = Self(1 << 3);
    /// Bit 4: off at this time by the loop's schedule.
    pub const SCHEDULE: Self = Self(1 << 4);
    /// Bit 5: drew more than the schedule's cap, and is not yet to be tried again.
    pub const POWER_CAP: Self = Self(1 << 5);

    /// Bit 6: drew more than its limit of current.
    pub const OVER_CURRENT: Self = Self(1 << 6);
    /// Bit 7: a vicious load was found.
    pub const VICIOUS_LOAD: Self = Self(1 << 7);
    /// Bit 8: too little voltage on a phase.
    pub const UNDER_VOLTAGE: Self = Self(1 << 8);
    /// Bit 9: too much voltage on a phase.
    pub const OVER_VOLTAGE: Self = Self(1 << 9);
    /// Bit 10: a phase of three has no voltage.
    pub const PHASE_LOSS: Self = Self(1 << 10);
    /// Bit 11: tripped too often, by what bit 6 or 7 says, and stays open until released.
    pub const LOCKED_OUT: Self = Self(1 << 11);

    /// Every reason with its name, in bit order.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::VACANT, "vacant"),
        (Self::OUT_OF_CREDIT, "out of credit"),
        (Self::FORCED_OFF, "forced off"),
        (Self::LOW_CREDIT_REMINDER, "low credit reminder"),
        (Self::SCHEDULE, "off by schedule"),
        (Self::POWER_CAP, "above power cap"),
        (Self::OVER_CURRENT, "over-current"),
        (Self::VICIOUS_LOAD, "vicious load"),
        (Self::UNDER_VOLTAGE, "under-voltage"),
        (Self::OVER_VOLTAGE, "over-voltage"),
        (Self::PHASE_LOSS, "phase loss"),
        (Self::LOCKED_OUT, "locked out"),
    ];

    /// The set that a register value stands for; unknown bits are kept.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The register value.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// No reason: the relay is closed.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` are in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// This set if the condition holds, else the empty one.
    #[must_use]
    pub const fn only_if(self, holds: bool) -> Self {
        if holds { self } else { Self(0) }
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, name) in Self::ALL.iter().filter(|(reason, _)| self.contains(*reason)) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        Ok(())
    }
}

/// What a supply command asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SupplyMode {
    /// 0: credit decides.
    #[default]
    Auto,
    /// 1: off whatever the credit.
    ForcedOff,
    /// 2: on without credit, for a limited time.
    ForcedOn,
}

impl SupplyMode {
    /// The code in envelopes and registers.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Auto => 0,
            Self::ForcedOff => 1,
            Self::ForcedOn => 2,
        }
    }

    /// The mode of a code.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Auto),
            1 => Some(Self::ForcedOff),
            2 => Some(Self::ForcedOn),
            _ => None,
        }
    }
}

/// The latest supply command of a household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Override {
    /// What was asked for.
    pub mode: SupplyMode,
    /// Ends by itself at this time; forced-on always has one.
    pub until: Option<UnixSeconds>,
    /// Number of the command, counting up; 0 before the first.
    pub generation: u32,
}

impl Override {
    /// Whether its end is reached, as far as the meter knows the time.
    #[must_use]
    pub fn has_ended(&self, now: Option<UnixSeconds>) -> bool {
        self.until.zip(now).is_some_and(|(until, now)| now >= until)
    }

    /// The mode that counts now. One whose time has passed counts as auto. While the clock is unknown a
    /// forced-on does not count (nobody could end it), a forced-off does.
    #[must_use]
    pub fn effective(&self, now: Option<UnixSeconds>) -> SupplyMode {
        let ended = self.has_ended(now);
        let endless = now.is_none() || self.until.is_none();
        match self.mode {
            _ if ended => SupplyMode::Auto,
            SupplyMode::ForcedOn if endless => SupplyMode::Auto,
            mode => mode,
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u8(self.mode.code())?;
        writer.u32(UnixSeconds::or_zero(self.until))?;
        writer.u32(self.generation)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mode = SupplyMode::from_code(reader.u8()?)?;
        let until = UnixSeconds::unless_zero(reader.u32()?);
        Some(Self { mode, until, generation: reader.u32()? })
    }
}

/// What each part of the meter wants of a loop's relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// No epoch was opened yet.
    pub vacant: bool,
    /// What speaks against supply on the side of credit.
    pub credit: Reasons,
    /// Credit does not disconnect now.
    pub friendly: bool,
    /// What speaks against supply on the side of the schedule.
    pub schedule: Reasons,
    /// What speaks against supply on the side of protection.
    pub protection: Reasons,
    /// The supply command that counts now.
    pub mode: SupplyMode,
}

/// The reasons for a loop to be open. A forced state goes before credit and schedule; protection goes before
/// everything.
#[must_use]
pub fn arbitrate(wants: &Wants) -> Reasons {
    let vacant = if wants.vacant { Reasons::VACANT } else { Reasons::default() };
    let credit = if wants.friendly { Reasons::default() } else { wants.credit };
    let all = vacant.with(credit).with(wants.schedule);
    let commanded = match wants.mode {
        SupplyMode::Auto => all,
        SupplyMode::ForcedOff => all.with(Reasons::FORCED_OFF),
        SupplyMode::ForcedOn => Reasons::default(),
    };
    commanded.with(wants.protection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    const NOW: Option<UnixSeconds> = Some(UnixSeconds(1000));
    const UNKNOWN: Option<UnixSeconds> = None;

    fn supply(mode: SupplyMode, until: u32) -> Override {
        let until = (until != 0).then_some(UnixSeconds(until));
        Override { mode, until, generation: 1 }
    }

    #[test]
    fn effective_mode_table() {
        use SupplyMode::{Auto, ForcedOff, ForcedOn};
        let cases = [
            (supply(Auto, 0), NOW, Auto),
            (supply(ForcedOff, 0), NOW, ForcedOff),
            (supply(ForcedOff, 0), UNKNOWN, ForcedOff),
            (supply(ForcedOff, 1001), NOW, ForcedOff),
            (supply(ForcedOff, 1000), NOW, Auto),
            (supply(ForcedOff, 1000), UNKNOWN, ForcedOff),
            (supply(ForcedOn, 1001), NOW, ForcedOn),
            (supply(ForcedOn, 1000), NOW, Auto),
            (supply(ForcedOn, 1001), UNKNOWN, Auto),
            (supply(ForcedOn, 0), NOW, Auto),
        ];
        for (supply, now, mode) in cases {
            assert_eq!(supply.effective(now), mode, "{supply:?} at {now:?}");
        }
    }

    #[test]
    fn arbitration_table() {
        use SupplyMode::{Auto, ForcedOff, ForcedOn};
        let (out, remind) = (Reasons::OUT_OF_CREDIT, Reasons::LOW_CREDIT_REMINDER);
        let (off, capped, none) = (Reasons::SCHEDULE, Reasons::POWER_CAP, Reasons::default());
        let cases = [
            (false, none, false, none, Auto, 0),
            (true, out, false, none, Auto, 0b11),
            (true, out, true, none, Auto, 0b1),
            (false, out, false, off, Auto, 0b1_0010),
            (false, out.with(remind), true, none, Auto, 0),
            (false, remind, false, none, Auto, 0b1000),
            (false, out, true, capped, Auto, 0b10_0000),
            (false, none, false, none, ForcedOff, 0b100),
            (false, none, true, none, ForcedOff, 0b100),
            (true, out, false, off, ForcedOff, 0b1_0111),
            (true, out.with(remind), false, off.with(capped), ForcedOn, 0),
        ];
        for (vacant, credit, friendly, schedule, mode, bits) in cases {
            let wants = Wants { vacant, credit, friendly, schedule, mode, protection: none };
            assert_eq!(arbitrate(&wants).bits(), bits, "{wants:?}");
            let wants = Wants { protection: Reasons::OVER_CURRENT, ..wants };
            assert_eq!(arbitrate(&wants).bits(), bits | 0b100_0000, "{wants:?}");
        }
    }

    #[test]
    fn reasons_read_as_words() {
        let both = Reasons::VACANT.with(Reasons::FORCED_OFF);
        assert_eq!(both.to_string(), "vacant, forced off");
        assert_eq!(Reasons::default().to_string(), "");
    }

    #[test]
    fn mode_codes_survive_the_round_trip() {
        for code in 0..=u8::MAX {
            assert_eq!(SupplyMode::from_code(code).map_or(code, SupplyMode::code), code);
        }
    }
}
