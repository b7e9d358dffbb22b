//! Time control of a loop: a table of periods a kind of day, and what a power cap does.

use super::field::{Fault, Field, check_each};
use super::wire::block;
use crate::local_time::DAY_MIN;

/// Periods of a day's table.
pub const PERIODS: usize = 12;
/// Start of a period that is not used.
const UNUSED_START: u16 = 0xFFFF;
const OFF: u16 = 0;
const ON: u16 = 0xFFFF;

/// What holds during a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The loop is off.
    Off,
    /// The loop is on.
    #[default]
    On,
    /// The loop is on as long as it draws no more than this many watts.
    Capped(u16),
}

impl Rule {
    /// The code in settings: 0 off, 0xFFFF on, else the cap in watts.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Off => OFF,
            Self::On => ON,
            Self::Capped(watts) => watts,
        }
    }

    /// The rule of a code; every number is one.
    #[must_use]
    pub const fn from_code(code: u16) -> Self {
        match code {
            OFF => Self::Off,
            ON => Self::On,
            watts => Self::Capped(watts),
        }
    }
}

/// The kinds of days that have tables of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayType {
    /// 0: a day like most.
    Working,
    /// 1: by the mask of weekdays.
    Rest,
    /// 2: by date.
    Holiday,
    /// 3: by date.
    Examination,
}

impl DayType {
    /// Every kind, in the order of the codes.
    pub const ALL: [Self; 4] = [Self::Working, Self::Rest, Self::Holiday, Self::Examination];

    /// The code in settings.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

block! {
    /// A period: what holds from its start until the next one's.
    Period {
        start_min: u16, "min", "Minute of the day at which it begins; 0xFFFF when unused";
        rule: u16, "W", "0 off, 0xFFFF on, else on while no more than this many watts are drawn";
    }
}

block! {
    /// A day of a loop. Before the first period the loop is on.
    DayTable {
        periods: [Period; 12], "", "Periods in ascending order, the unused ones last";
    }
}

block! {
    /// What happens when a loop draws more than its cap.
    CapSettings {
        delay_s: u16, "s", "The cap must be exceeded for so long before the loop opens";
        recovery_s: u16, "s", "The loop is then open for so long, from 1, before it is tried again";
    }
}

impl Period {
    const UNUSED: Self = Self { start_min: UNUSED_START, rule: ON };

    const fn is_used(&self) -> bool {
        self.start_min != UNUSED_START
    }
}

impl DayTable {
    /// Always on, as a meter leaves the factory.
    pub const FACTORY: Self = Self { periods: [Period::UNUSED; PERIODS] };

    /// A table of (start minute, rule); `None` if there are more than [`PERIODS`], or not in ascending
    /// order, or not within a day.
    #[must_use]
    pub fn new(periods: &[(u16, Rule)]) -> Option<Self> {
        let mut table = Self::FACTORY;
        for (index, (start_min, rule)) in periods.iter().enumerate() {
            *table.periods.get_mut(index)? = Period { start_min: *start_min, rule: rule.code() };
        }
        let all_used = table.used().count() == periods.len();
        (all_used && table.is_valid()).then_some(table)
    }

    fn used(&self) -> impl Iterator<Item = &Period> {
        self.periods.iter().take_while(|period| period.is_used())
    }

    pub(super) fn is_valid(&self) -> bool {
        let within_a_day = self.used().all(|period| period.start_min < DAY_MIN);
        let ascending =
            self.used().zip(self.used().skip(1)).all(|(one, next)| one.start_min < next.start_min);
        let rest_unused = self.periods.iter().skip(self.used().count()).all(|rest| *rest == Period::UNUSED);
        within_a_day && ascending && rest_unused
    }

    /// What holds at a minute of the day.
    #[must_use]
    pub fn rule_at(&self, minute: u16) -> Rule {
        let current = self.used().take_while(|period| period.start_min <= minute).last();
        current.map_or(Rule::On, |period| Rule::from_code(period.rule))
    }
}

impl CapSettings {
    /// As a meter leaves the factory: a start-up current passes, and a try again every 20 minutes.
    pub const FACTORY: Self = Self { delay_s: 5, recovery_s: 1200 };
    /// `delay_s`.
    pub const DELAY: Field = Field::new("cap_delay", 0, 0, 600);
    /// `recovery_s`.
    pub const RECOVERY: Field = Field::new("cap_recovery", 0, 1, 14_400);

    /// Whether the office may set it.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame.
    pub fn check(&self) -> Result<(), Fault> {
        check_each(&[(Self::DELAY, self.delay_s.into()), (Self::RECOVERY, self.recovery_s.into())])
    }

    pub(super) const fn is_valid(&self) -> bool {
        self.recovery_s > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn a_day_table() {
        let table =
            DayTable::new(&[(0, Rule::Off), (360, Rule::On), (480, Rule::Capped(800)), (1380, Rule::Off)]);
        let table = table.unwrap();
        for (minute, rule) in [
            (0, Rule::Off),
            (359, Rule::Off),
            (360, Rule::On),
            (479, Rule::On),
            (480, Rule::Capped(800)),
            (1379, Rule::Capped(800)),
            (1380, Rule::Off),
            (1439, Rule::Off),
        ] {
            assert_eq!(table.rule_at(minute), rule, "{minute}");
        }
        assert_eq!(DayTable::new(&[(60, Rule::Off)]).unwrap().rule_at(59), Rule::On);
        assert_eq!(DayTable::FACTORY.rule_at(0), Rule::On);
    }

    #[test]
    fn a_table_takes_twelve_periods_and_no_disorder() {
        let hourly = |count: u16| (0..count).map(|hour| (hour * 60, Rule::Off)).collect::<Vec<_>>();
        assert!(DayTable::new(&hourly(12)).is_some());
        assert_eq!(DayTable::new(&hourly(13)), None);
        assert_eq!(DayTable::new(&[(60, Rule::On), (60, Rule::Off)]), None);
        assert_eq!(DayTable::new(&[(1440, Rule::On)]), None);
        assert_eq!(DayTable::new(&[(0xFFFF, Rule::On)]), None);
        let mut gap = DayTable::FACTORY;
        gap.periods[1] = Period { start_min: 0, rule: OFF };
        assert!(!gap.is_valid());
    }

    #[test]
    fn rule_and_day_codes_survive_the_round_trip() {
        for code in 0..=u16::MAX {
            assert_eq!(Rule::from_code(code).code(), code);
            assert_eq!(DayType::from_code(code).map_or(code, DayType::code), code);
        }
    }
}
