//! Over-current of a loop: its limit and how long it is borne, and what follows a trip.

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

    pub(super) const fn is_valid(&self) -> bool {
        self.curve <= VERY_INVERSE
            && (self.instant_ca == 0 || self.instant_ca >= self.limit_ca)
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
