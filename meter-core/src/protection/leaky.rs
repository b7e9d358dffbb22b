//! A delay that gathers: time above a limit adds up, time below it is taken off again, and no pause shorter
//! than what was gathered makes it forget.
//!
//! A timer that one cycle below the limit resets never trips on a load that pauses for that cycle. In the
//! spirit of the very inverse curve, which forgets a load that is gone as slowly as it gathers one at twice the
//! limit, below the limit the delay is taken off [`LEAK_PARTS`] times as slowly as it is gathered above it:
//! what is above for more than a fifth of the time trips in the end, after the delay at once if it never
//! pauses. Starts of motors and kettles, a second in a minute, are forgotten.

/// How many times as long it takes to forget as to gather.
pub const LEAK_PARTS: u32 = 4;

/// What was gathered of a delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaky {
    /// Above the limit, ms, in quarters, less what leaked.
    quarters: u32,
}

impl Leaky {
    /// Nothing was gathered.
    pub const EMPTY: Self = Self { quarters: 0 };

    /// Takes `elapsed_ms` above the limit or not; returns what is gathered, ms.
    pub const fn tick(&mut self, elapsed_ms: u32, above: bool) -> u32 {
        self.quarters = if above {
            self.quarters.saturating_add(elapsed_ms.saturating_mul(LEAK_PARTS))
        } else {
            self.quarters.saturating_sub(elapsed_ms)
        };
        self.quarters / LEAK_PARTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_forgets_a_quarter_as_fast_as_it_gathers() {
        let mut leaky = Leaky::EMPTY;
        assert_eq!(leaky.tick(1000, true), 1000);
        assert_eq!(leaky.tick(1000, false), 750);
        assert_eq!(leaky.tick(250, true), 1000);
        assert_eq!(leaky.tick(3999, false), 0);
        assert_eq!(leaky.tick(u32::MAX, true), u32::MAX / 4, "held");
        assert_eq!(leaky.tick(u32::MAX, false), 0);
    }
}
