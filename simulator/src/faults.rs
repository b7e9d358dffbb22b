//! Faults of lines, meters and collectors, set and cleared while everything runs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What goes wrong with a request or its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The unit does not answer and does nothing: switched off, or its line is cut.
    Silent,
    /// The line is busy for this long before the unit hears the request.
    Delay(Duration),
    /// The unit never sees the request.
    LostRequest,
    /// The unit acts, but its reply is lost.
    LostReply,
    /// The unit acts at once, but the reply comes this much later, while the line already takes the next
    /// request.
    LateReply(Duration),
    /// The reply comes twice.
    DuplicateReply,
    /// A read is answered with one register fewer, in a frame that fits itself. Counts reads of two or
    /// more registers only.
    ShortReply,
    /// The echo of a write names the next address. Counts writes only.
    WrongEcho,
    /// These bytes come before the reply.
    Noise(Vec<u8>),
    /// One bit of the reply is flipped.
    CorruptReply,
    /// Another unit answers first with a reply of the same length.
    OtherUnitFirst,
    /// The unit acts, then loses its power before it replies.
    RestartBeforeReply,
}

/// Which requests a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strikes {
    /// All.
    #[default]
    Any,
    /// Functions 03 and 04.
    Reads,
    /// Function 16.
    Writes,
}

/// A fault with where, what and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    fault: Fault,
    strikes: Strikes,
    unit: Option<u8>,
    left: Option<u32>,
}

impl Rule {
    /// A fault of every unit of the collector, for every request, until it is cleared.
    #[must_use]
    pub const fn new(fault: Fault) -> Self {
        Self { fault, strikes: Strikes::Any, unit: None, left: None }
    }

    /// Only this unit.
    #[must_use]
    pub fn at_unit(self, unit: u8) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// Only the next `count` requests that it strikes.
    #[must_use]
    pub fn next(self, count: u32) -> Self {
        Self { left: Some(count), ..self }
    }

    /// Only reads.
    #[must_use]
    pub fn on_reads(self) -> Self {
        Self { strikes: Strikes::Reads, ..self }
    }

    /// Only writes.
    #[must_use]
    pub fn on_writes(self) -> Self {
        Self { strikes: Strikes::Writes, ..self }
    }

    fn strikes(&self, unit: u8, request: &[u8]) -> bool {
        let is_read = matches!(request, [3 | 4, ..]);
        let is_write = matches!(request, [16, ..]);
        let by_kind = match self.strikes {
            Strikes::Any => true,
            Strikes::Reads => is_read,
            Strikes::Writes => is_write,
        };
        let by_fault = match self.fault {
            Fault::ShortReply => is_read && request.get(3..5).is_some_and(|count| *count != [0, 1]),
            Fault::WrongEcho => is_write,
            _ => true,
        };
        by_kind && by_fault && self.unit.is_none_or(|only| only == unit)
    }
}

/// A handle on the faults of one collector and its units; clones act on the same.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    rules: Arc<Mutex<VecDeque<Rule>>>,
    down: watch::Sender<bool>,
}

impl Default for FaultPlan {
    fn default() -> Self {
        Self { rules: Arc::default(), down: watch::Sender::new(false) }
    }
}

impl FaultPlan {
    /// No faults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fault. Several may strike one request.
    pub fn add(&self, rule: Rule) {
        self.rules().push_back(rule);
    }

    /// Removes the faults of one unit, not those of the whole collector.
    pub fn clear_unit(&self, unit: u8) {
        self.rules().retain(|rule| rule.unit != Some(unit));
    }

    /// Removes all faults and brings the collector up.
    pub fn clear(&self) {
        self.rules().clear();
        self.set_down(false);
    }

    /// Takes the collector down (its listener closed, connections dropped) or up again.
    pub fn set_down(&self, down: bool) {
        self.down.send_replace(down);
    }

    /// How many faults still wait for a request.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.rules().len()
    }

    pub(crate) fn watch_down(&self) -> watch::Receiver<bool> {
        self.down.subscribe()
    }

    /// The faults that strike this request, counted down.
    pub(crate) fn strike(&self, unit: u8, request: &[u8]) -> Vec<Fault> {
        let mut rules = self.rules();
        let mut struck = Vec::new();
        for rule in rules.iter_mut().filter(|rule| rule.strikes(unit, request) && rule.left != Some(0)) {
            rule.left = rule.left.map(|left| left - 1);
            struck.push(rule.fault.clone());
        }
        rules.retain(|rule| rule.left != Some(0));
        struck
    }

    fn rules(&self) -> MutexGuard<'_, VecDeque<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: [u8; 5] = [3, 0, 0, 0, 2];
    const READ_ONE: [u8; 5] = [3, 0, 0, 0, 1];
    const WRITE: [u8; 8] = [16, 8, 0, 0, 1, 2, 0, 0];

    #[test]
    fn faults_count_only_the_requests_they_strike() {
        let plan = FaultPlan::new();
        plan.add(Rule::new(Fault::LostReply).at_unit(2).on_writes().next(1));
        plan.add(Rule::new(Fault::ShortReply).next(1));
        assert_eq!(plan.strike(1, &WRITE), []);
        assert_eq!(plan.strike(2, &READ_ONE), []);
        assert_eq!(plan.strike(2, &WRITE), [Fault::LostReply]);
        assert_eq!(plan.strike(2, &WRITE), []);
        assert_eq!(plan.strike(1, &READ), [Fault::ShortReply]);
        assert_eq!(plan.pending(), 0);
    }

    #[test]
    fn a_fault_without_count_stays_until_cleared_through_any_handle() {
        let plan = FaultPlan::new();
        let other_handle = plan.clone();
        plan.add(Rule::new(Fault::Silent).at_unit(1));
        plan.add(Rule::new(Fault::DuplicateReply));
        for _ in 0..3 {
            assert_eq!(plan.strike(1, &READ), [Fault::Silent, Fault::DuplicateReply]);
        }
        other_handle.clear_unit(1);
        assert_eq!(plan.strike(1, &READ), [Fault::DuplicateReply]);
        other_handle.clear();
        assert_eq!(plan.strike(1, &READ), []);
    }
}
