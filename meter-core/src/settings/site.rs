//! What the whole meter shares: the site's time and the second loops.

use super::wire::block;

/// Mask of the households that may have a second loop: the single-phase ones.
const SECOND_LOOPS: u16 = 0xFF;

block! {
    /// Settings of the site and of the meter's build.
    SiteSettings {
        utc_offset_min: i16, "min", "Local time less UTC, -720 to 840; daylight saving is a new offset";
        rest_weekdays: u16, "", "Bit per weekday that is a rest day, bit 0 Monday";
        second_loops: u16, "", "Bit per household 0 to 7 that has a second loop";
        rotation_s: u16, "s", "How long the display shows a household before the next, 1 to 60";
        reverse_counts: u16, "", "1 if energy that flows backward counts as used, 0 if it is only told";
    }
}

impl SiteSettings {
    /// As a meter leaves the factory: UTC, Saturday and Sunday, one loop each.
    pub const FACTORY: Self = Self {
        utc_offset_min: 0,
        rest_weekdays: 0b110_0000,
        second_loops: 0,
        rotation_s: 5,
        reverse_counts: 0,
    };

    pub(super) fn is_valid(&self) -> bool {
        (-720..=840).contains(&self.utc_offset_min)
            && self.rest_weekdays & !super::times::EVERY_DAY == 0
            && self.second_loops & !SECOND_LOOPS == 0
            && (1..=60).contains(&self.rotation_s)
            && self.reverse_counts <= 1
    }

    /// Whether energy that flows backward counts as used.
    #[must_use]
    pub const fn counts_reverse(&self) -> bool {
        self.reverse_counts == 1
    }

    /// Whether a household has a second loop.
    #[must_use]
    pub const fn has_second_loop(&self, household: usize) -> bool {
        household < 16 && self.second_loops >> household & 1 == 1
    }

    /// Whether a weekday (0 = Monday) is a rest day.
    #[must_use]
    pub const fn is_rest_day(&self, weekday: u16) -> bool {
        weekday < 7 && self.rest_weekdays >> weekday & 1 == 1
    }
}
