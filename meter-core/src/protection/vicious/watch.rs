//! The watch over one current input: a detector that knows when the relay before it is open.

use super::detector::Detector;
use super::rules::{Settings, Verdict};
use crate::metrology::CurrentCycle;

/// How a loop is to be watched now.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// What is forbidden.
    pub rules: &'a Settings,
    /// Whether the night cap holds.
    pub night: bool,
    /// Whether the relay is commanded closed: behind an open one there is nothing to see.
    pub closed: bool,
}

/// One watched current input.
#[derive(Clone, Debug)]
pub struct Watch {
    detector: Detector,
    closed: bool,
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

impl Watch {
    /// An input of which nothing is known yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { detector: Detector::new(), closed: true }
    }

    /// Takes one cycle; gives a verdict when a vicious load was switched on. Whatever comes once an open relay
    /// closes comes onto nothing.
    pub fn observe(&mut self, cycle: &CurrentCycle, watched: &Watched<'_>) -> Option<Verdict> {
        if !self.follow(watched) {
            return None;
        }
        self.detector.observe(cycle, watched.rules, watched.night)
    }

    /// As [`Detector::rest`].
    pub fn rest(&mut self, elapsed_ms: u32, power_uw: i64, watched: &Watched<'_>) -> Option<Verdict> {
        if !self.follow(watched) {
            return None;
        }
        self.detector.rest(elapsed_ms, power_uw, watched.rules, watched.night)
    }

    /// Whether what runs is known.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.detector.is_settled()
    }

    fn follow(&mut self, watched: &Watched<'_>) -> bool {
        if self.closed && !watched.closed {
            self.detector.relay_opened();
        }
        self.closed = watched.closed;
        watched.closed
    }
}
