//! Over-current of one loop: a limit with a fixed or an inverse delay, then the common recovery.

use super::leaky::LEAK_PARTS;
use super::recovery::{Phase, Policy, Recovery};
use crate::units::MilliAmps;

/// How long a current above the limit is borne.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    /// Always so many ms, gathered ([`super::leaky`]): pauses count against them at a quarter.
    Fixed(u32),
    /// The very inverse curve of IEC 60255-151, 13.5 / (I / limit − 1) times so many ms: at twice the limit
    /// 13.5 times, at ten times the limit one and a half times as long. Load that is gone is forgotten as
    /// slowly as one at twice the limit is gathered.
    VeryInverse(u32),
}

/// The settings of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Above this it counts; 0 turns the protection off.
    pub limit: MilliAmps,
    /// How long it is borne.
    pub delay: Delay,
    /// Above this it is not borne at all; 0 for none.
    pub instant: MilliAmps,
    /// What happens after a trip.
    pub recovery: Policy,
}

/// Why it tripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// The current that tripped it.
    pub current: MilliAmps,
    /// How long it had been above the limit without a pause, ms.
    pub after_ms: u32,
}

/// The protection of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverCurrent {
    recovery: Recovery,
    above_ms: u32,
    /// Part of the way to a trip, of [`FULL`].
    gathered: u64,
}

/// A trip: so that a ms at 1.001 times the limit still counts, over the longest of delays.
const FULL: u64 = 1 << 40;

impl OverCurrent {
    /// Nothing has happened yet.
    pub const NONE: Self = Self { recovery: Recovery::NONE, above_ms: 0, gathered: 0 };

    /// Locked out, by trips that a power cut made forget.
    pub const LOCKED_OUT: Self = Self { recovery: Recovery::LOCKED_OUT, ..Self::NONE };

    /// Whether it wants the relay open, and for how long.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.recovery.phase()
    }

    /// Trips within the window.
    #[must_use]
    pub const fn trips(&self) -> u8 {
        self.recovery.trips()
    }

    /// Takes the current of the last `elapsed_ms`. Call it at least once a cycle, for a surge to count.
    pub fn tick(&mut self, elapsed_ms: u32, current: MilliAmps, settings: &Settings) -> Option<Trip> {
        self.recovery.tick(elapsed_ms, &settings.recovery);
        if self.recovery.open() || settings.limit.0 == 0 {
            (self.above_ms, self.gathered) = (0, 0);
            return None;
        }
        let above = current > settings.limit;
        self.above_ms = if above { self.above_ms.saturating_add(elapsed_ms) } else { 0 };
        self.gather(elapsed_ms, current, settings);
        let at_once = settings.instant.0 != 0 && current > settings.instant;
        if !at_once && (self.gathered < FULL || !above) {
            return None;
        }
        let trip = Trip { current, after_ms: self.above_ms };
        (self.above_ms, self.gathered) = (0, 0);
        self.recovery.trip(&settings.recovery);
        Some(trip)
    }

    fn gather(&mut self, elapsed_ms: u32, current: MilliAmps, settings: &Settings) {
        let part = |delay_ms: u64| (FULL * u64::from(elapsed_ms.min(1 << 20))).div_ceil(delay_ms.max(1));
        let above = current > settings.limit;
        self.gathered = match settings.delay {
            Delay::Fixed(delay_ms) if !above => {
                self.gathered.saturating_sub(part(u64::from(delay_ms) * u64::from(LEAK_PARTS)))
            }
            Delay::Fixed(delay_ms) => self.gathered.saturating_add(part(delay_ms.into())),
            Delay::VeryInverse(times_ms) if !above => {
                self.gathered.saturating_sub(part(u64::from(times_ms) * 27 / 2))
            }
            Delay::VeryInverse(times_ms) => {
                let over = u64::from(current.0 - settings.limit.0);
                let delay_ms = u64::from(times_ms) * u64::from(settings.limit.0) / over.max(1) * 27 / 2;
                self.gathered.saturating_add(part(delay_ms))
            }
        };
    }

    /// Ends a wait or a lock-out. Returns whether there was one.
    pub fn release(&mut self) -> bool {
        self.recovery.release()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: Policy = Policy { wait_ms: 60_000, trips: 3, window_ms: 3_600_000 };
    const FIXED: Settings = Settings {
        limit: MilliAmps(10_000),
        delay: Delay::Fixed(1000),
        instant: MilliAmps(0),
        recovery: POLICY,
    };
    const INVERSE: Settings = Settings { delay: Delay::VeryInverse(1000), ..FIXED };

    /// Ticks of 20 ms until the trip.
    fn time_to_trip(settings: &Settings, current_ma: u32) -> Option<u32> {
        let mut protection = OverCurrent::default();
        (1..=10_000)
            .map(|tick| tick * 20)
            .find(|_| protection.tick(20, MilliAmps(current_ma), settings).is_some())
    }

    #[test]
    fn curves() {
        assert_eq!(time_to_trip(&FIXED, 10_000), None);
        assert_eq!(time_to_trip(&FIXED, 10_001), Some(1000));
        assert_eq!(time_to_trip(&FIXED, 90_000), Some(1000));
        assert_eq!(time_to_trip(&INVERSE, 10_000), None);
        for (current_ma, expected_ms) in [(12_000, 67_500), (20_000, 13_500), (50_000, 3375), (100_000, 1500)]
        {
            let tripped_ms = time_to_trip(&INVERSE, current_ma).unwrap();
            assert!(tripped_ms.abs_diff(expected_ms) <= 40, "{current_ma}: {tripped_ms}");
        }
        assert_eq!(time_to_trip(&Settings { instant: MilliAmps(60_000), ..FIXED }, 60_001), Some(20));
        assert_eq!(time_to_trip(&Settings { limit: MilliAmps(0), ..FIXED }, 90_000), None);
    }

    #[test]
    fn a_short_surge_is_borne_and_forgotten() {
        let mut protection = OverCurrent::default();
        for _ in 0..1000 {
            assert_eq!(protection.tick(980, MilliAmps(20_000), &FIXED), None);
            assert_eq!(protection.tick(3920, MilliAmps(9000), &FIXED), None);
        }
    }

    /// Seconds until a current of 40 A that is on for some cycles and off for others trips a limit of 16 A,
    /// within an hour.
    fn trips_after_s(delay: Delay, on: u32, off: u32) -> Option<u32> {
        let settings = Settings { limit: MilliAmps(16_000), delay, ..FIXED };
        let mut protection = OverCurrent::default();
        (0..180_000u32).find_map(|cycle| {
            let current = if cycle % (on + off) < on { 40_000 } else { 0 };
            protection.tick(20, MilliAmps(current), &settings).map(|_| cycle / 50)
        })
    }

    #[test]
    fn duty_cycles_against_trip_times() {
        let (second, minute) = (Delay::Fixed(1000), Delay::Fixed(60_000));
        // Cycles on and off, then when a delay of 1 s, of 60 s and a curve of 1 s trip, s.
        let table = [
            (1, 0, Some(0), Some(59), Some(8)),
            (149, 1, Some(0), Some(60), Some(9)),
            (49, 1, Some(1), Some(61), Some(9)),
            (40, 10, Some(1), Some(79), Some(13)),
            (25, 25, Some(2), Some(159), Some(51)),
            (10, 20, Some(4), Some(358), None),
            (10, 30, Some(12), Some(956), None),
            (10, 40, None, None, None),
            (5, 45, None, None, None),
        ];
        for (on, off, expected_s, expected_min, expected_curve) in table {
            assert_eq!(trips_after_s(second, on, off), expected_s, "{on} on, {off} off, 1 s");
            assert_eq!(trips_after_s(minute, on, off), expected_min, "{on} on, {off} off, 60 s");
            let curve = trips_after_s(Delay::VeryInverse(1000), on, off);
            assert_eq!(curve, expected_curve, "{on} on, {off} off, very inverse");
        }
    }

    #[test]
    fn it_recovers_and_locks_out() {
        let mut protection = OverCurrent::default();
        for _ in 0..3 {
            assert_eq!(protection.phase(), Phase::Closed);
            let trip = protection.tick(1000, MilliAmps(12_000), &FIXED).unwrap();
            assert_eq!(trip, Trip { current: MilliAmps(12_000), after_ms: 1000 });
            assert_eq!(protection.tick(60_000, MilliAmps(0), &FIXED), None);
        }
        assert_eq!(protection.phase(), Phase::LockedOut);
        assert!(protection.release());
        assert_eq!(protection, OverCurrent::NONE);
    }

    proptest! {
        #[test]
        fn nothing_overflows(ticks in prop::collection::vec((any::<u32>(), any::<u32>()), 1..50), limit in any::<u32>(), times in any::<u32>()) {
            let settings = Settings { limit: MilliAmps(limit), delay: Delay::VeryInverse(times), ..FIXED };
            let mut protection = OverCurrent::default();
            for (elapsed_ms, current_ma) in ticks {
                let trip = protection.tick(elapsed_ms, MilliAmps(current_ma), &settings);
                prop_assert!(trip.is_none_or(|trip| trip.current > settings.limit));
            }
        }
    }
}
