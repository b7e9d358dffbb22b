//! What a household's credit does: warning, reminder, cut-off, overdraft, hoarding.

use super::field::{Fault, Field, check_each};
use super::wire::block;

block! {
    /// Credit settings of a household. Everything 0 cuts at zero and does nothing else.
    CreditSettings {
        alarm_wh: u32, "Wh", "Once this little is left the supply drops out as a reminder, once; 0 for no reminder";
        warning_wh: u32, "Wh", "Once this little is left a flag is shown, without drop-out; 0 for no warning";
        cut_off_wh: u32, "Wh", "Once this little is left the supply is cut";
        overdraft_wh: u32, "Wh", "So much may be used beyond the cut-off level before the supply is cut";
        hoarding_wh: u32, "Wh", "A credit command that would lift what is left above this is refused; 0 for no limit";
        drop_out_s: u16, "s", "How long the reminder keeps the supply off, 1 to 255; 0 until it is acknowledged";
    }
}

/// The highest level of credit that can be set, in Wh.
const MAX_LEVEL_WH: u32 = 10_000_000;

impl CreditSettings {
    /// As a meter leaves the factory.
    pub const FACTORY: Self =
        Self { alarm_wh: 0, warning_wh: 0, cut_off_wh: 0, overdraft_wh: 0, hoarding_wh: 0, drop_out_s: 0 };

    /// `alarm_wh`.
    pub const ALARM: Field = Field::new("alarm", 3, 0, MAX_LEVEL_WH);
    /// `warning_wh`.
    pub const WARNING: Field = Field::new("warning", 3, 0, MAX_LEVEL_WH);
    /// `cut_off_wh`.
    pub const CUT_OFF: Field = Field::new("cut_off", 3, 0, MAX_LEVEL_WH);
    /// `overdraft_wh`.
    pub const OVERDRAFT: Field = Field::new("overdraft", 3, 0, MAX_LEVEL_WH);
    /// `hoarding_wh`.
    pub const HOARDING: Field = Field::new("hoarding", 3, 0, MAX_LEVEL_WH);
    /// `drop_out_s`: the longest that ends by itself.
    pub const DROP_OUT: Field = Field::new("drop_out", 0, 0, 255);

    pub(super) const fn is_valid(&self) -> bool {
        Self::DROP_OUT.check(self.drop_out_s as u32).is_ok()
    }

    /// Whether the office may set it.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame.
    pub fn check(&self) -> Result<(), Fault> {
        check_each(&[(Self::CUT_OFF, self.cut_off_wh), (Self::OVERDRAFT, self.overdraft_wh)])?;
        // A reminder or warning at or below the cut-off level would never be seen; a hoarding limit there or below
        // would make every sale end in the dark.
        for (field, level_wh) in [
            (Self::ALARM, self.alarm_wh),
            (Self::WARNING, self.warning_wh),
            (Self::HOARDING, self.hoarding_wh),
        ] {
            if level_wh != 0 {
                field.within(level_wh, self.cut_off_wh + 1, field.max)?;
            }
        }
        Self::DROP_OUT.check(self.drop_out_s.into())
    }

    /// The supply is cut once no more than this is left, Wh.
    #[must_use]
    pub fn cut_at_wh(&self) -> i64 {
        i64::from(self.cut_off_wh) - i64::from(self.overdraft_wh)
    }

    /// Whether the warning is to be shown.
    #[must_use]
    pub fn warns_at(&self, remaining_wh: i64) -> bool {
        self.warning_wh != 0 && remaining_wh <= i64::from(self.warning_wh)
    }

    /// Whether the household lives on its overdraft (or beyond it).
    #[must_use]
    pub fn overdrawn_at(&self, remaining_wh: i64) -> bool {
        self.overdraft_wh != 0 && remaining_wh <= i64::from(self.cut_off_wh)
    }

    /// Whether credit may rise to this.
    #[must_use]
    pub fn may_hold(&self, remaining_wh: i64) -> bool {
        self.hoarding_wh == 0 || remaining_wh <= i64::from(self.hoarding_wh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_table() {
        let settings = CreditSettings {
            warning_wh: 10,
            cut_off_wh: 5,
            overdraft_wh: 8,
            hoarding_wh: 100,
            ..CreditSettings::FACTORY
        };
        assert_eq!(settings.cut_at_wh(), -3);
        for (left, warns, overdrawn, held) in [
            (101, false, false, false),
            (100, false, false, true),
            (11, false, false, true),
            (10, true, false, true),
            (6, true, false, true),
            (5, true, true, true),
            (-9, true, true, true),
        ] {
            assert_eq!(settings.warns_at(left), warns, "{left}");
            assert_eq!(settings.overdrawn_at(left), overdrawn, "{left}");
            assert_eq!(settings.may_hold(left), held, "{left}");
        }
    }

    #[test]
    fn a_factory_meter_only_cuts_at_zero() {
        let factory = CreditSettings::FACTORY;
        assert_eq!(factory.cut_at_wh(), 0);
        assert!(!factory.warns_at(-5) && !factory.overdrawn_at(-5) && factory.may_hold(i64::MAX));
        assert!(!CreditSettings { drop_out_s: 256, ..factory }.is_valid());
    }
}
