//! Limits of the mains voltage for a household, and loss of a phase.

use super::field::{Fault, Field, check_each};
use super::wire::block;
use crate::protection::voltage;
use crate::units::MilliVolts;

block! {
    /// Voltage protection of a household; a limit of 0 is off.
    VoltageSettings {
        under_dv: u16, "0.1 V", "Below this on any phase the supply is cut; 0 for no limit";
        over_dv: u16, "0.1 V", "Above this on any phase the supply is cut; 0 for no limit";
        hysteresis_dv: u16, "0.1 V", "By so much the voltage must come back within the limits";
        lost_dv: u16, "0.1 V", "Below this a phase of a three-phase household is lost while another is not; 0 for no watch";
        delay_ms: u16, "ms", "A fault must last so long to count";
        recovery_s: u16, "s", "A fault must be gone for so long before the supply comes back";
    }
}

/// Nothing on a phase is more than that, in 0.1 V.
const MAX_DV: u32 = 5_000;
const MILLIVOLTS: u32 = 100;

impl VoltageSettings {
    /// As a meter leaves the factory: off.
    pub const FACTORY: Self =
        Self { under_dv: 0, over_dv: 0, hysteresis_dv: 50, lost_dv: 0, delay_ms: 500, recovery_s: 10 };

    /// `under_dv`.
    pub const UNDER: Field = Field::new("under", 1, 0, MAX_DV);
    /// `over_dv`.
    pub const OVER: Field = Field::new("over", 1, 0, MAX_DV);
    /// `hysteresis_dv`.
    pub const HYSTERESIS: Field = Field::new("hysteresis", 1, 0, MAX_DV);
    /// `lost_dv`.
    pub const LOST: Field = Field::new("lost", 1, 0, MAX_DV);
    /// `delay_ms`.
    pub const DELAY: Field = Field::new("delay", 3, 0, 60_000);
    /// `recovery_s`.
    pub const RECOVERY: Field = Field::new("recovery", 0, 0, 3_600);

    /// Whether the office may set it.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame: its own range first, then what the rules leave it.
    pub fn check(&self) -> Result<(), Fault> {
        check_each(&[
            (Self::UNDER, self.under_dv.into()),
            (Self::OVER, self.over_dv.into()),
            (Self::HYSTERESIS, self.hysteresis_dv.into()),
            (Self::LOST, self.lost_dv.into()),
            (Self::DELAY, self.delay_ms.into()),
            (Self::RECOVERY, self.recovery_s.into()),
        ])?;
        self.rules()
    }

    pub(super) const fn is_valid(&self) -> bool {
        self.rules().is_ok()
    }

    /// Between the limits there must be room for the hysteresis of both, and a lost phase is an under-voltage
    /// first.
    const fn rules(&self) -> Result<(), Fault> {
        let least_dv = self.under_dv as u32 + 2 * self.hysteresis_dv as u32 + 1;
        if self.over_dv != 0 && (self.over_dv as u32) < least_dv {
            return Self::OVER.within(self.over_dv as u32, least_dv, MAX_DV);
        }
        if self.under_dv != 0 {
            return Self::LOST.within(self.lost_dv as u32, 0, self.under_dv as u32);
        }
        Ok(())
    }

    /// As the protection takes them.
    #[must_use]
    pub const fn protection(&self) -> voltage::Settings {
        voltage::Settings {
            under: MilliVolts(self.under_dv as u32 * MILLIVOLTS),
            over: MilliVolts(self.over_dv as u32 * MILLIVOLTS),
            hysteresis: MilliVolts(self.hysteresis_dv as u32 * MILLIVOLTS),
            lost: MilliVolts(self.lost_dv as u32 * MILLIVOLTS),
            delay_ms: self.delay_ms as u32,
            recovery_ms: self.recovery_s as u32 * 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_leave_room_for_their_hysteresis() {
        let set = |under_dv, over_dv, lost_dv| VoltageSettings {
            under_dv,
            over_dv,
            lost_dv,
            ..VoltageSettings::FACTORY
        };
        for (settings, valid) in [
            (VoltageSettings::FACTORY, true),
            (set(1800, 2600, 600), true),
            (set(1800, 0, 600), true),
            (set(0, 2600, 600), true),
            (set(2500, 2600, 0), false),
            (set(1800, 2600, 1900), false),
        ] {
            assert_eq!(settings.is_valid(), valid, "{settings:?}");
            assert_eq!(settings.check().is_ok(), valid, "{settings:?}");
        }
        assert_eq!(set(2500, 2600, 0).check(), Err(Fault { field: "over", min: 2601, max: 5000 }));
        assert_eq!(set(1800, 2600, 1900).check(), Err(Fault { field: "lost", min: 0, max: 1800 }));
        let far = set(0, 5001, 0);
        assert_eq!(far.check(), Err(Fault { field: "over", min: 0, max: 5000 }));
        assert!(far.is_valid(), "a meter that holds it still reads back");
        assert_eq!(set(1800, 2600, 600).protection().over, MilliVolts(260_000));
    }
}
