//! Time control of a loop: what its tables say now, and what a power cap does.
//!
//! The meter runs it alone. While the clock is unknown (after an outage, until it is set) no schedule
//! switches anything off and no cap holds: a meter that does not know the time must not keep people in the
//! dark.

mod cap;

pub use cap::CapWatch;

use crate::local_time::LocalTime;
use crate::settings::{DayType, LoopSettings, MeterSettings, Rule};
use crate::units::UnixSeconds;

/// An instant, as far as the meter knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// UTC.
    pub now: Option<UnixSeconds>,
    /// The site's time.
    pub local: Option<LocalTime>,
    /// The kind of day it is.
    pub day_type: Option<DayType>,
}

impl Moment {
    /// The instant by the site's settings.
    #[must_use]
    pub fn new(now: Option<UnixSeconds>, settings: &MeterSettings) -> Self {
        let local = now.map(|now| LocalTime::at(now, settings.site().utc_offset_min));
        Self { now, local, day_type: local.map(|local| settings.day_type(local)) }
    }

    /// What a loop's tables say at this instant.
    #[must_use]
    pub fn rule(&self, settings: &LoopSettings) -> Rule {
        let by_table = |(local, day): (LocalTime, DayType)| settings.table(day).rule_at(local.minute);
        self.local.zip(self.day_type).map_or(Rule::On, by_table)
    }
}
