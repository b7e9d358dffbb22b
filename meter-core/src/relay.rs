//! Arbitration: the set of reasons for a household's relay to be open. Closed exactly when it is empty.

use crate::bytes::{Reader, Writer};
use crate::credit::Credit;
use crate::units::UnixSeconds;
use core::fmt;

/// A set of reasons to be open, one bit each as in the register map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Reasons {
    /// Bit 0: no epoch was opened yet.
    pub const VACANT: Self = Self(1);
    /// Bit 1: nothing is left of the credit.
    pub const OUT_OF_CREDIT: Self = Self(1 << 1);
    /// Bit 2: switched off by command.
    pub const FORCED_OFF: Self = Self(1 << 2);

    /// Every reason with its name, in bit order.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::VACANT, "vacant"), (Self::OUT_OF_CREDIT, "out of credit"), (Self::FORCED_OFF, "forced off")];

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
    /// The mode that counts now. One whose time has passed counts as auto. While the clock is unknown a
    /// forced-on does not count (nobody could end it), a forced-off does.
    #[must_use]
    pub fn effective(&self, now: Option<UnixSeconds>) -> SupplyMode {
        let ended = matches!((now, self.until), (Some(now), Some(until)) if now >= until);
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

/// The reasons to be open, from the credit and the supply command.
#[must_use]
pub fn reasons(credit: &Credit, supply: &Override, now: Option<UnixSeconds>) -> Reasons {
    let mut reasons = Reasons::default();
    if credit.is_vacant() {
        reasons = reasons.with(Reasons::VACANT);
    }
    if credit.remaining() <= 0 {
        reasons = reasons.with(Reasons::OUT_OF_CREDIT);
    }
    match supply.effective(now) {
        SupplyMode::Auto => reasons,
        SupplyMode::ForcedOff => reasons.with(Reasons::FORCED_OFF),
        SupplyMode::ForcedOn => reasons.without(Reasons::VACANT.with(Reasons::OUT_OF_CREDIT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::Totals;
    use crate::units::WattHours;
    use std::string::ToString;

    const NOW: Option<UnixSeconds> = Some(UnixSeconds(1000));
    const UNKNOWN: Option<UnixSeconds> = None;

    fn credit(epoch: u32, credited: u32, used: u32) -> Credit {
        let totals = Totals { epoch, credited: WattHours(credited), debited: WattHours(0) };
        Credit::from_parts(totals, WattHours(used), None)
    }

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
    fn reasons_table() {
        let auto = Override::default();
        let on = supply(SupplyMode::ForcedOn, 2000);
        let off = supply(SupplyMode::ForcedOff, 0);
        let cases = [
            (credit(0, 0, 0), auto, 0b011),
            (credit(1, 10, 9), auto, 0b000),
            (credit(1, 10, 10), auto, 0b010),
            (credit(1, 10, 11), auto, 0b010),
            (credit(1, 10, 9), off, 0b100),
            (credit(1, 10, 10), off, 0b110),
            (credit(0, 0, 0), on, 0b000),
            (credit(1, 10, 11), on, 0b000),
        ];
        for (credit, supply, bits) in cases {
            assert_eq!(reasons(&credit, &supply, NOW).bits(), bits, "{credit:?} {supply:?}");
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
