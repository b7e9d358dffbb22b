//! The settings that all households of a meter share, each block with its generation.

use super::block::{FIRST_HALF, MeterBlock};
use super::calendar::CalendarHalf;
use super::schedule::DayType;
use super::site::SiteSettings;
use super::versioned::Versioned;
use crate::envelope::Refusal;
use crate::local_time::LocalTime;

/// Settings of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterSettings {
    site: Versioned<SiteSettings>,
    halves: [Versioned<CalendarHalf>; super::calendar::HALVES],
}

impl MeterSettings {
    /// As a meter leaves the factory.
    pub const FACTORY: Self = Self {
        site: Versioned::new(SiteSettings::FACTORY),
        halves: [Versioned::new(CalendarHalf::FACTORY); super::calendar::HALVES],
    };

    /// The site's time and the meter's build.
    #[must_use]
    pub const fn site(&self) -> &SiteSettings {
        &self.site.value
    }

    /// The kind of day it is: an exception by date, else a rest day by weekday, else a working day.
    #[must_use]
    pub fn day_type(&self, now: LocalTime) -> DayType {
        let by_date = self.halves.iter().find_map(|half| half.value.day_type(now.day));
        let by_weekday =
            if self.site().is_rest_day(now.weekday()) { DayType::Rest } else { DayType::Working };
        by_date.unwrap_or(by_weekday)
    }

    /// Block `number` with its generation; `None` from [`super::METER_BLOCKS`] on.
    #[must_use]
    pub fn block(&self, number: u8) -> Option<(u32, MeterBlock)> {
        let Some(half) = number.checked_sub(FIRST_HALF) else {
            return Some((self.site.generation, MeterBlock::Site(self.site.value)));
        };
        let block = self.halves.get(usize::from(half))?;
        Some((block.generation, MeterBlock::Calendar(half, block.value)))
    }

    /// Takes a block; returns whether it was a new one.
    pub(crate) fn take(&mut self, generation: u32, block: MeterBlock) -> Result<bool, Refusal> {
        match block {
            MeterBlock::Site(value) => self.site.take(generation, value),
            MeterBlock::Calendar(half, value) => {
                let half = self.halves.get_mut(usize::from(half)).ok_or(Refusal::OutOfRange)?;
                half.take(generation, value)
            }
        }
    }
}
