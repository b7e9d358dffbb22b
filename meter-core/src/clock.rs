//! The meter's clock: set by command, aged by ticks, unknown after every restart.

use crate::envelope::Refusal;
use crate::units::UnixSeconds;

/// A clock that may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    now: Option<UnixSeconds>,
    past_second_ms: u32,
    generation: u32,
}

impl Clock {
    /// After a restart: nobody knows how long the power was away.
    #[must_use]
    pub const fn unknown(generation: u32) -> Self {
        Self { now: None, past_second_ms: 0, generation }
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
            *self = Self { now: Some(now), past_second_ms: 0, generation };
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

#[cfg(test)]
mod tests {
    use super::*;

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
