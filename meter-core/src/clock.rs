//! The meter's clock: set by command, aged by ticks, unknown after every restart.

use crate::envelope::Refusal;
use crate::units::UnixSeconds;

const HOUR_S: u32 = 3600;

/// A clock that may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    now: Option<UnixSeconds>,
    past_second_ms: u32,
    generation: u32,
    set_at: Option<UnixSeconds>,
    drift: Option<Drift>,
}

/// How far the clock had gone wrong when it was set last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// By how much the setting put it forward, s; negative when it was fast. Held within 32 bits.
    pub correction_s: i32,
    /// For how long it had run since the setting before, s, by itself.
    pub over_s: u32,
}

impl Clock {
    /// After a restart: nobody knows how long the power was away.
    #[must_use]
    pub const fn unknown(generation: u32) -> Self {
        Self { now: None, past_second_ms: 0, generation, set_at: None, drift: None }
    }

    /// The time, if known.
    #[must_use]
    pub const fn now(&self) -> Option<UnixSeconds> {
        self.now
    }

    /// Number of the latest setting taken, 0 before the first.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// Until the next full hour, ms, at least 1; `None` while the time is unknown.
    #[must_use]
    pub fn ms_to_full_hour(&self) -> Option<u32> {
        let past_ms = self.now?.0 % HOUR_S * 1000 + self.past_second_ms;
        Some(HOUR_S * 1000 - past_ms)
    }

    /// The time, if it is exactly a full hour.
    #[must_use]
    pub fn full_hour(&self) -> Option<UnixSeconds> {
        self.now.filter(|now| now.0.is_multiple_of(HOUR_S) && self.past_second_ms == 0)
    }

    /// The drift that the latest setting found; `None` until there were two settings without a restart
    /// between them.
    #[must_use]
    pub const fn drift(&self) -> Option<Drift> {
        self.drift
    }

    /// Takes a setting; returns whether it was a new one. A repeat of the latest is accepted but must
    /// not set the clock back, whatever time it carries.
    ///
    /// # Errors
    /// [`Refusal::Stale`] for a setting before the latest.
    pub fn set(&mut self, generation: u32, now: UnixSeconds) -> Result<bool, Refusal> {
        if generation < self.generation {
            return Err(Refusal::Stale);
        }
        let changed = generation > self.generation;
        if changed {
            let drift = self.now.zip(self.set_at).map(|(own, set_at)| Drift::of(own, set_at, now));
            *self = Self { now: Some(now), past_second_ms: 0, generation, set_at: Some(now), drift };
        }
        Ok(changed)
    }

    /// Lets time pass.
    pub fn advance(&mut self, elapsed_ms: u32) {
        let past_ms = u64::from(self.past_second_ms) + u64::from(elapsed_ms);
        let seconds = u32::try_from(past_ms / 1000).unwrap_or(u32::MAX);
        self.past_second_ms = u32::try_from(past_ms % 1000).unwrap_or(0);
        self.now = self.now.map(|now| now.saturating_add(UnixSeconds(seconds)));
    }
}

impl Drift {
    fn of(own: UnixSeconds, set_at: UnixSeconds, now: UnixSeconds) -> Self {
        let correction_s = i64::from(now.0) - i64::from(own.0);
        let end = if correction_s < 0 { i32::MIN } else { i32::MAX };
        let correction_s = i32::try_from(correction_s).unwrap_or(end);
        Self { correction_s, over_s: own.0.saturating_sub(set_at.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_tells_how_far_the_clock_had_gone_wrong() {
        let mut clock = Clock::unknown(0);
        clock.set(1, UnixSeconds(1000)).unwrap();
        assert_eq!(clock.drift(), None, "nothing to compare with");
        clock.advance(86_400_000);
        clock.set(2, UnixSeconds(87_403)).unwrap();
        assert_eq!(clock.drift(), Some(Drift { correction_s: 3, over_s: 86_400 }));
        clock.set(3, UnixSeconds(87_400)).unwrap();
        assert_eq!(clock.drift(), Some(Drift { correction_s: -3, over_s: 0 }));
        clock.set(4, UnixSeconds(u32::MAX)).unwrap();
        assert_eq!(clock.drift().unwrap().correction_s, i32::MAX);
    }

    #[test]
    fn settings_only_count_forward() {
        let mut clock = Clock::unknown(4);
        assert_eq!(clock.set(3, UnixSeconds(50)), Err(Refusal::Stale));
        assert_eq!(clock.set(4, UnixSeconds(50)), Ok(false));
        assert_eq!(clock.now(), None, "a replay must not make the clock known");
        assert_eq!(clock.set(5, UnixSeconds(50)), Ok(true));
        clock.advance(1999);
        assert_eq!(clock.now(), Some(UnixSeconds(51)));
        clock.advance(1);
        assert_eq!(clock.now(), Some(UnixSeconds(52)));
        assert_eq!(clock.set(5, UnixSeconds(50)), Ok(false));
        assert_eq!(clock.now(), Some(UnixSeconds(52)));
    }

    #[test]
    fn an_unknown_clock_stays_unknown_and_a_known_one_stops_at_the_end() {
        let mut clock = Clock::unknown(0);
        clock.advance(u32::MAX);
        assert_eq!(clock.now(), None);
        clock.set(1, UnixSeconds(u32::MAX)).unwrap();
        clock.advance(5000);
        assert_eq!(clock.now(), Some(UnixSeconds(u32::MAX)));
    }
}
