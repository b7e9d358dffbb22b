//! After a trip: wait, close again and look; trips too often within a window lock the loop out until
//! somebody releases it. Shared by every protection; time comes in through [`Recovery::tick`].

/// Trips that are remembered at most, and so the largest number of trips that can be allowed.
pub const MAX_TRIPS: usize = 32;

/// How a protection recovers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// From a trip to closing again, ms.
    pub wait_ms: u32,
    /// Trips within the window that lock out, 1..=[`MAX_TRIPS`]; more counts as that many.
    pub trips: u8,
    /// The window, ms.
    pub window_ms: u32,
}

/// Whether the loop may be closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is wrong.
    #[default]
    Closed,
    /// Tripped; closes again after so many more ms.
    Waiting(u32),
    /// Tripped too often: stays open until released.
    LockedOut,
}

impl Phase {
    /// Until it closes again, whole seconds rounded up; 0 unless that is certain.
    #[must_use]
    pub const fn left_s(self) -> u32 {
        match self {
            Self::Waiting(left_ms) => left_ms.div_ceil(1000),
            Self::Closed | Self::LockedOut => 0,
        }
    }
}

/// The recovery of one protection of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    phase: Phase,
    /// Age of each remembered trip in units, the latest first.
    ages: [u16; MAX_TRIPS],
    /// A 65 000th of the window, ms, and what has passed of the running one.
    unit_ms: u16,
    part_ms: u16,
    trips: u8,
}

/// The unit in which ages are kept: the longest window is still less than 2^16 of them.
const fn unit_ms(window_ms: u32) -> u16 {
    // At most 66 077 for a window of 2^32 ms; settings allow 65 535 minutes.
    let unit_ms = window_ms / 65_000 + 1;
    if unit_ms > u16::MAX as u32 { u16::MAX } else { unit_ms as u16 }
}

impl Recovery {
    /// Nothing has happened yet.
    pub const NONE: Self =
        Self { phase: Phase::Closed, ages: [0; MAX_TRIPS], unit_ms: 0, part_ms: 0, trips: 0 };

    /// Locked out, by trips that a power cut made forget.
    pub const LOCKED_OUT: Self = Self { phase: Phase::LockedOut, ..Self::NONE };

    /// Where it stands.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether this protection wants the relay open.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(self.phase, Phase::Closed)
    }

    /// Trips within the window.
    #[must_use]
    pub const fn trips(&self) -> u8 {
        self.trips
    }

    /// Takes a trip. One that comes while the loop is open already changes nothing.
    pub fn trip(&mut self, policy: &Policy) {
        if self.open() {
            return;
        }
        self.measure_in(unit_ms(policy.window_ms));
        self.forget(policy.window_ms);
        let allowed = policy.trips.clamp(1, MAX_TRIPS as u8);
        self.ages.copy_within(..MAX_TRIPS - 1, 1);
        self.ages[0] = 0;
        self.trips = (self.trips + 1).min(MAX_TRIPS as u8);
        self.phase = if self.trips >= allowed { Phase::LockedOut } else { Phase::Waiting(policy.wait_ms) };
    }

    /// Lets time pass. Returns whether the loop may close now, having been open.
    pub fn tick(&mut self, elapsed_ms: u32, policy: &Policy) -> bool {
        self.grow_older(elapsed_ms, policy);
        if self.phase != Phase::LockedOut {
            // A lock-out keeps its trips: they are why it is locked.
            self.forget(policy.window_ms);
        }
        match self.phase {
            Phase::Waiting(left_ms) if left_ms <= elapsed_ms => {
                self.phase = Phase::Closed;
                true
            }
            Phase::Waiting(left_ms) => {
                self.phase = Phase::Waiting(left_ms - elapsed_ms);
                false
            }
            Phase::Closed | Phase::LockedOut => false,
        }
    }

    /// Ends a wait or a lock-out and forgets the trips. Returns whether the loop was open.
    pub fn release(&mut self) -> bool {
        let open = self.open();
        *self = Self::default();
        open
    }

    fn grow_older(&mut self, elapsed_ms: u32, policy: &Policy) {
        if self.trips == 0 {
            (self.unit_ms, self.part_ms) = (0, 0);
            return;
        }
        self.measure_in(unit_ms(policy.window_ms));
        let unit_ms = u32::from(self.unit_ms.max(1));
        let passed_ms = u32::from(self.part_ms).saturating_add(elapsed_ms);
        self.part_ms = (passed_ms % unit_ms) as u16;
        let units = u16::try_from(passed_ms / unit_ms).unwrap_or(u16::MAX);
        for age in &mut self.ages[..usize::from(self.trips)] {
            *age = age.saturating_add(units);
        }
    }

    /// Another window, another unit.
    fn measure_in(&mut self, unit_ms: u16) {
        if unit_ms == self.unit_ms {
            return;
        }
        for age in &mut self.ages {
            let age_ms = u32::from(*age) * u32::from(self.unit_ms);
            *age = u16::try_from(age_ms / u32::from(unit_ms)).unwrap_or(u16::MAX);
        }
        (self.unit_ms, self.part_ms) = (unit_ms, 0);
    }

    fn forget(&mut self, window_ms: u32) {
        let unit_ms = u32::from(self.unit_ms);
        while self.trips > 0 && u32::from(self.ages[usize::from(self.trips) - 1]) * unit_ms > window_ms {
            self.trips -= 1;
            self.ages[usize::from(self.trips)] = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: Policy = Policy { wait_ms: 60_000, trips: 3, window_ms: 600_000 };

    #[test]
    fn it_closes_again_after_the_wait() {
        let mut recovery = Recovery::default();
        recovery.trip(&POLICY);
        assert!(!recovery.tick(59_999, &POLICY));
        assert_eq!(recovery.phase(), Phase::Waiting(1));
        assert!(recovery.tick(1, &POLICY));
        assert!(!recovery.open());
    }

    #[test]
    fn the_last_allowed_trip_locks_out_until_released() {
        let mut recovery = Recovery::default();
        for trip in 1..=3 {
            assert!(!recovery.open());
            recovery.trip(&POLICY);
            assert_eq!(recovery.trips(), trip);
            recovery.tick(60_000, &POLICY);
        }
        assert_eq!(recovery.phase(), Phase::LockedOut);
        assert!(!recovery.tick(u32::MAX, &POLICY));
        assert_eq!(recovery.phase(), Phase::LockedOut);
        assert!(recovery.release());
        assert_eq!(recovery, Recovery::default());
    }

    #[test]
    fn trips_older_than_the_window_are_forgotten() {
        let mut recovery = Recovery::default();
        for _ in 0..20 {
            recovery.trip(&POLICY);
            recovery.tick(60_000, &POLICY);
            assert!(!recovery.open());
            recovery.tick(300_000, &POLICY);
        }
    }

    #[test]
    fn the_window_is_kept_to_a_65_000th_whatever_it_is_and_when_it_changes() {
        for window_ms in [60_000, 3_600_000, 65_535 * 60_000] {
            let policy = Policy { window_ms, wait_ms: 1000, ..POLICY };
            let mut recovery = Recovery::default();
            recovery.trip(&policy);
            let slack_ms = window_ms / 32_000 + 1;
            recovery.tick(window_ms - slack_ms, &policy);
            assert_eq!(recovery.trips(), 1);
            let shorter = Policy { window_ms: window_ms / 2, ..policy };
            let mut changed = recovery;
            changed.tick(1, &shorter);
            assert_eq!(changed.trips(), 0, "beyond the new window");
            recovery.tick(2 * slack_ms, &policy);
            assert_eq!(recovery.trips(), 0);
        }
    }

    proptest! {
        /// However time is cut into ticks, the same happens.
        #[test]
        fn the_size_of_ticks_does_not_matter(
            waits in prop::collection::vec(1u32..400_000, 1..12),
            cuts in 1u32..7,
        ) {
            let (mut once, mut often) = (Recovery::default(), Recovery::default());
            for wait in waits {
                once.trip(&POLICY);
                often.trip(&POLICY);
                once.tick(wait, &POLICY);
                let part = wait / cuts;
                for _ in 0..cuts {
                    often.tick(part, &POLICY);
                }
                often.tick(wait - part * cuts, &POLICY);
                prop_assert_eq!(once, often);
            }
        }
    }
}
