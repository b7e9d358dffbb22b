//! A power cap: exceeded for too long, the loop opens for a recovery time, then it is tried again.

use crate::protection::leaky::Leaky;
use crate::settings::CapSettings;
use crate::units::MilliWatts;

/// The watch over a loop's cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapWatch {
    /// The loop may be on.
    Watching {
        /// For how long the cap has been exceeded, less what leaked in pauses.
        over: Leaky,
    },
    /// The loop is open.
    Open {
        /// Until it is tried again, ms.
        left_ms: u32,
    },
}

impl Default for CapWatch {
    fn default() -> Self {
        Self::Watching { over: Leaky::EMPTY }
    }
}

impl CapWatch {
    /// Whether the loop is to be open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// Until the loop is tried again, whole seconds rounded up; 0 unless it is open.
    #[must_use]
    pub const fn left_s(&self) -> u32 {
        match self {
            Self::Watching { .. } => 0,
            Self::Open { left_ms } => left_ms.div_ceil(1000),
        }
    }

    /// Takes what was drawn over the last `elapsed_ms` under a cap of `cap_w`.
    pub(crate) fn tick(&mut self, elapsed_ms: u32, power: MilliWatts, cap_w: u16, settings: &CapSettings) {
        *self = match *self {
            Self::Open { left_ms } if left_ms > elapsed_ms => Self::Open { left_ms: left_ms - elapsed_ms },
            Self::Open { .. } => Self::default(),
            Self::Watching { mut over } => {
                let above = i64::from(power.0) > i64::from(cap_w) * 1000;
                let over_ms = over.tick(elapsed_ms, above);
                if above && over_ms > u32::from(settings.delay_s) * 1000 {
                    Self::Open { left_ms: u32::from(settings.recovery_s) * 1000 }
                } else {
                    Self::Watching { over }
                }
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTINGS: CapSettings = CapSettings { delay_s: 5, recovery_s: 60 };
    const CAP_W: u16 = 500;
    const OVER: MilliWatts = MilliWatts(500_001);

    fn tick(watch: &mut CapWatch, elapsed_ms: u32, power: MilliWatts) {
        watch.tick(elapsed_ms, power, CAP_W, &SETTINGS);
    }

    #[test]
    fn a_cap_opens_after_the_delay_and_tries_again_after_the_recovery() {
        let mut watch = CapWatch::default();
        tick(&mut watch, 5000, OVER);
        assert!(!watch.is_open());
        tick(&mut watch, 20_000, MilliWatts(500_000));
        tick(&mut watch, 5000, OVER);
        assert!(!watch.is_open(), "a pause four times as long starts the delay anew");
        tick(&mut watch, 1, MilliWatts(0));
        tick(&mut watch, 2, OVER);
        assert_eq!((watch.is_open(), watch.left_s()), (true, 60));
        tick(&mut watch, 59_999, MilliWatts(0));
        assert_eq!((watch.is_open(), watch.left_s()), (true, 1));
        tick(&mut watch, 1, MilliWatts(0));
        assert_eq!(watch, CapWatch::default());
    }

    #[test]
    fn a_cap_without_delay_opens_at_once() {
        let mut watch = CapWatch::default();
        watch.tick(1, OVER, CAP_W, &CapSettings { delay_s: 0, ..SETTINGS });
        assert!(watch.is_open());
    }

    /// Wh that pass in an hour under a cap of 500 W with its factory delay, by a load that pauses.
    fn passed_wh(power_w: i32, on_s: u32, off_s: u32) -> u32 {
        let mut watch = CapWatch::default();
        let drawn = (0..3600).filter(|second| {
            let power = if second % (on_s + off_s) < on_s { power_w } else { 0 };
            let open = watch.is_open();
            tick(&mut watch, 1000, MilliWatts(power * 1000));
            power > 0 && !open
        });
        drawn.count() as u32 * power_w as u32 / 3600
    }

    #[test]
    fn no_pause_gets_past_a_cap_by_much() {
        for (power_w, on_s, off_s) in [(2000, 5, 1), (2000, 5, 5), (2000, 3, 3), (1000, 5, 1), (3000, 1, 1)] {
            let passed = passed_wh(power_w, on_s, off_s);
            assert!(passed < 500, "{power_w} W, {on_s} s on, {off_s} s off: {passed} Wh");
        }
    }

    proptest! {
        #[test]
        fn it_never_opens_below_the_cap_and_always_closes_again(
            steps in prop::collection::vec((0u32..100_000, i32::MIN..=500_000), 0..40),
            over_ms in 5001u32..100_000,
        ) {
            let mut watch = CapWatch::default();
            for (elapsed_ms, power) in steps {
                tick(&mut watch, elapsed_ms, MilliWatts(power));
                prop_assert!(!watch.is_open());
            }
            tick(&mut watch, over_ms, OVER);
            prop_assert!(watch.is_open());
            tick(&mut watch, 60_000, OVER);
            prop_assert!(!watch.is_open());
        }
    }
}
