//! Over-current of a loop: its limit and how long it is borne, and what follows a trip.

use super::field::{Fault, Field, check_each};
use super::wire::block;
use crate::protection::overcurrent::{self, Delay};
use crate::protection::recovery::{MAX_TRIPS, Policy};
use crate::units::MilliAmps;

block! {
    /// Over-current protection of a loop.
    OverCurrentSettings {
        limit_ca: u16, "0.01 A", "Above this in any phase the current counts; 0 turns the protection off";
        curve: u16, "", "How long it is borne: 0 always the delay, 1 the very inverse curve of IEC 60255-151, the delay its multiplier";
        delay_ms: u16, "ms", "Delay; on the curve it is borne for 13.5 / (current / limit - 1) times as long";
        instant_ca: u16, "0.01 A", "Above this it is not borne at all, and not below the limit; 0 for none";
        wait_s: u16, "s", "From a trip to closing again, from 1";
        trips: u16, "", "With so many trips within the window the loop is locked out, 1 to 32";
        window_min: u16, "min", "The window, from 1";
        resident_release: u16, "", "1 if the button at the meter ends a lock-out, 0 if only the office does";
    }
}

const MILLIAMPS: u32 = 10;
const VERY_INVERSE: u16 = 1;

/// Fields that the protections of a loop have in common: what follows a trip.
pub struct TripPolicy;

impl TripPolicy {
    /// `wait_s`.
    pub const WAIT: Field = Field::new("wait", 0, 1, 14_400);
    /// `trips`.
    pub const TRIPS: Field = Field::new("trips", 0, 1, MAX_TRIPS as u32);
    /// `window_min`: up to a week.
    pub const WINDOW: Field = Field::new("window", 0, 1, 10_080);
    /// `resident_release`.
    pub const RESIDENT_RELEASE: Field = Field::new("resident_release", 0, 0, 1);

    pub(super) fn check(
        wait_s: u16,
        trips: u16,
        window_min: u16,
        resident_release: u16,
    ) -> Result<(), Fault> {
        check_each(&[
            (Self::WAIT, wait_s.into()),
            (Self::TRIPS, trips.into()),
            (Self::WINDOW, window_min.into()),
            (Self::RESIDENT_RELEASE, resident_release.into()),
        ])
    }
}

/// What the protections of a loop have in common: waits that end, and trips that can be counted.
pub(super) const fn is_valid_policy(wait_s: u16, trips: u16, window_min: u16, resident_release: u16) -> bool {
    wait_s > 0 && trips > 0 && trips as usize <= MAX_TRIPS && window_min > 0 && resident_release <= 1
}

/// 65 535 minutes are still within 32 bits of milliseconds.
pub(super) const fn policy(wait_s: u16, trips: u16, window_min: u16) -> Policy {
    Policy { wait_ms: wait_s as u32 * 1000, trips: trips as u8, window_ms: window_min as u32 * 60_000 }
}

impl OverCurrentSettings {
    /// As a meter leaves the factory: off.
    pub const FACTORY: Self = Self {
        limit_ca: 0,
        curve: 0,
        delay_ms: 1000,
        instant_ca: 0,
        wait_s: 60,
        trips: 3,
        window_min: 60,
        resident_release: 0,
    };

    /// `limit_ca`: no outlet of a meter carries more.
    pub const LIMIT: Field = Field::new("limit", 2, 0, 20_000);
    /// `curve`.
    pub const CURVE: Field = Field::new("curve", 0, 0, VERY_INVERSE as u32);
    /// `delay_ms`.
    pub const DELAY: Field = Field::new("delay", 3, 0, 60_000);
    /// `instant_ca`: more can't be measured.
    pub const INSTANT: Field = Field::new("instant", 2, 0, 60_000);

    /// Whether the office may set it.
    ///
    /// # Errors
    /// [`Fault`] with the field to blame: its own range first, then what the rules leave it.
    pub fn check(&self) -> Result<(), Fault> {
        check_each(&[
            (Self::LIMIT, self.limit_ca.into()),
            (Self::CURVE, self.curve.into()),
            (Self::DELAY, self.delay_ms.into()),
            (Self::INSTANT, self.instant_ca.into()),
        ])?;
        TripPolicy::check(self.wait_s, self.trips, self.window_min, self.resident_release)?;
        self.rules()
    }

    /// What is not borne at all lies not below the limit.
    const fn rules(&self) -> Result<(), Fault> {
        if self.instant_ca == 0 || self.instant_ca >= self.limit_ca {
            return Ok(());
        }
        Self::INSTANT.within(self.instant_ca as u32, self.limit_ca as u32, Self::INSTANT.max)
    }

    pub(super) const fn is_valid(&self) -> bool {
        self.curve <= VERY_INVERSE
            && self.rules().is_ok()
            && is_valid_policy(self.wait_s, self.trips, self.window_min, self.resident_release)
    }

    /// As the protection takes them.
    #[must_use]
    pub const fn protection(&self) -> overcurrent::Settings {
        let delay_ms = self.delay_ms as u32;
        overcurrent::Settings {
            limit: MilliAmps(self.limit_ca as u32 * MILLIAMPS),
            delay: if self.curve == VERY_INVERSE {
                Delay::VeryInverse(delay_ms)
            } else {
                Delay::Fixed(delay_ms)
            },
            instant: MilliAmps(self.instant_ca as u32 * MILLIAMPS),
            recovery: policy(self.wait_s, self.trips, self.window_min),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_to_blame_is_named_with_its_range() {
        let set = |limit_ca, instant_ca, trips| OverCurrentSettings {
            limit_ca,
            instant_ca,
            trips,
            ..OverCurrentSettings::FACTORY
        };
        for (settings, blamed, held) in [
            (OverCurrentSettings::FACTORY, None, true),
            (set(1000, 1000, 3), None, true),
            (set(1000, 999, 3), Some(Fault { field: "instant", min: 1000, max: 60_000 }), false),
            (set(20_001, 0, 3), Some(Fault { field: "limit", min: 0, max: 20_000 }), true),
            (set(1000, 60_001, 3), Some(Fault { field: "instant", min: 0, max: 60_000 }), true),
            (set(1000, 0, 33), Some(Fault { field: "trips", min: 1, max: 32 }), false),
        ] {
            assert_eq!(settings.check().err(), blamed, "{settings:?}");
            assert_eq!(settings.is_valid(), held, "{settings:?}");
        }
    }
}
