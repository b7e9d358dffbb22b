//! Dated exceptions: holidays and examinations, for the whole meter. Half of the calendar is one block.

use super::schedule::DayType;
use super::times::DayRange;
use super::wire::block;

/// Blocks that the calendar consists of.
pub const HALVES: usize = 2;

block! {
    /// A range of dates that follow another table.
    Exception {
        from_day: u16, "d", "First day, days since 1970-01-01 by the site's date; 0 when unused";
        to_day: u16, "d", "Last day";
        day_type: u16, "", "Table of those days: 0 working, 1 rest, 2 holiday, 3 examination; 0 when unused";
    }
}

block! {
    /// Half of the calendar. The first exception that holds counts, the first half's before the second's.
    CalendarHalf {
        exceptions: [Exception; 10], "", "Dated exceptions";
    }
}

impl Exception {
    const UNUSED: Self = Self { from_day: 0, to_day: 0, day_type: 0 };

    fn days(&self) -> DayRange {
        DayRange { from_day: self.from_day, to_day: self.to_day }
    }

    fn is_valid(&self) -> bool {
        let known = DayType::from_code(self.day_type).is_some();
        self.days().is_valid() && known && (self.from_day != 0 || *self == Self::UNUSED)
    }
}

impl CalendarHalf {
    /// No exception, as a meter leaves the factory.
    pub const FACTORY: Self = Self { exceptions: [Exception::UNUSED; 10] };

    /// A half of exceptions (first day, last day, kind of day); `None` if there are more than 10 or one of
    /// them ends before it begins.
    #[must_use]
    pub fn new(exceptions: &[(u16, u16, DayType)]) -> Option<Self> {
        let mut half = Self::FACTORY;
        for (index, (from_day, to_day, day_type)) in exceptions.iter().enumerate() {
            let exception = Exception { from_day: *from_day, to_day: *to_day, day_type: day_type.code() };
            *half.exceptions.get_mut(index)? = exception;
        }
        half.is_valid().then_some(half)
    }

    pub(super) fn is_valid(&self) -> bool {
        self.exceptions.iter().all(Exception::is_valid)
    }

    /// The kind of a day that is an exception.
    #[must_use]
    pub fn day_type(&self, day: u16) -> Option<DayType> {
        let exception = self.exceptions.iter().find(|exception| exception.days().holds(day))?;
        DayType::from_code(exception.day_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_exception_that_holds_counts() {
        use DayType::{Examination, Holiday};
        let half = CalendarHalf::new(&[(10, 12, Holiday), (12, 20, Examination)]).unwrap();
        assert_eq!(half.day_type(9), None);
        assert_eq!(half.day_type(12), Some(Holiday));
        assert_eq!(half.day_type(13), Some(Examination));
        assert_eq!(half.day_type(0), None);
        assert_eq!(CalendarHalf::new(&[(12, 10, Holiday)]), None);
        assert_eq!(CalendarHalf::new(&[(1, 1, Holiday); 11]), None);
    }
}
