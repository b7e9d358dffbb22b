//! What a household used since the month began, for its display.

use crate::bytes::{Reader, Writer};
use crate::local_time::LocalTime;
use crate::units::EnergyTotal;

/// Where the current month began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Months since 1970-01, plus one; 0 while no month was ever known.
    number: u16,
    began_at: EnergyTotal,
}

impl Month {
    /// Energy since the month began, Wh; since the meter first knew the month if it began before that, and
    /// since it was made while no month was known.
    #[must_use]
    pub fn used_wh(&self, total: EnergyTotal) -> u32 {
        u32::try_from(total.saturating_sub(self.began_at).0).unwrap_or(u32::MAX)
    }

    /// Begins another month when it is one; returns whether it is. A clock that is set back begins its
    /// month anew.
    pub(crate) fn follow(&mut self, now: Option<LocalTime>, total: EnergyTotal) -> bool {
        let Some(number) = now.map(|now| now.month().saturating_add(1)) else { return false };
        let begins = number != self.number;
        if begins {
            *self = Self { number, began_at: total };
        }
        begins
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u16(self.number)?;
        writer.u64(self.began_at.0)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { number: reader.u16()?, began_at: EnergyTotal(reader.u64()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_with_its_first_day() {
        let mut month = Month::default();
        let day = |day| Some(LocalTime { day, minute: 0 });
        assert!(!month.follow(None, EnergyTotal(5)));
        assert_eq!(month.used_wh(EnergyTotal(5)), 5);
        assert!(month.follow(day(0), EnergyTotal(10)));
        assert!(!month.follow(day(30), EnergyTotal(20)), "the 31st of January");
        assert!(!month.follow(None, EnergyTotal(25)));
        assert_eq!(month.used_wh(EnergyTotal(25)), 15);
        assert!(month.follow(day(31), EnergyTotal(30)));
        assert_eq!(month.used_wh(EnergyTotal(30)), 0);
    }
}
