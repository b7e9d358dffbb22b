//! Power that flows backward: seen at once, told once it has lasted.
//!
//! A transformer that was put on the wrong way round turns the sign of its phase. A meter that only adds up
//! powers sells nothing then, or a third. It is shown at once, for whoever has just installed it; the event waits
//! until it has flowed backward for a while, so that a motor that brakes is none.

use crate::protection::leaky::Leaky;

/// Power flows backward for so long before it is told, ms.
const TOLD_AFTER_MS: u32 = 10_000;

/// Phases of a household that flow backward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reversing {
    now: u8,
    told: u8,
    lasted: Leaky,
}

impl Reversing {
    /// Place of the second loop's bit.
    pub const SECOND_LOOP: u32 = 3;

    /// Those that do now: bits 0 to 2 for the phases of the main loop, bit 3 for the second loop.
    #[must_use]
    pub const fn now(&self) -> u8 {
        self.now
    }

    /// Those that have for long enough to be told.
    #[must_use]
    pub const fn told(&self) -> u8 {
        self.told
    }

    pub(crate) const fn tick(&mut self, elapsed_ms: u32, phases: u8) {
        self.now = phases;
        let lasted_ms = self.lasted.tick(elapsed_ms, phases != 0);
        if phases != 0 && lasted_ms >= TOLD_AFTER_MS {
            self.told = phases;
        } else if lasted_ms == 0 {
            self.told = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_at_once_and_tells_what_lasts() {
        let mut reversing = Reversing::default();
        reversing.tick(9000, 0b10);
        assert_eq!((reversing.now(), reversing.told()), (0b10, 0));
        reversing.tick(1000, 0b10);
        assert_eq!((reversing.now(), reversing.told()), (0b10, 0b10));
        reversing.tick(20_000, 0);
        assert_eq!((reversing.now(), reversing.told()), (0, 0b10), "a pause");
        reversing.tick(20_000, 0);
        assert_eq!(reversing, Reversing::default());
    }
}
