//! What the detectors of a virtual meter see: representative cycles around each switching, not every one.
//!
//! Only loops that are watched are looked at, and only when something in them was switched on or off; in
//! between, time passes without cycles. So a campus costs no more than its people switch.

use crate::load::Running;
use crate::load::device::{self, Cycle, POINTS};
use crate::memory::VirtualMemory;
use meter_core::journal::DurableMeter;
use meter_core::metered::Place;
use meter_core::metrology::{Calibration, CurrentCycle, MAX_CURRENTS, Wave};
use meter_core::protection::vicious::{Mode, Verdict, Watch, Watched};

/// Cycles that are given after a switching at most: what pulses does not settle, and is told within these.
const MOST_CYCLES: u32 = 130;
/// A detector that still knows what runs after these has not noticed anything.
const FEWEST_CYCLES: u32 = 2;
/// Cycles after which whatever ran before runs evenly.
const LONG_AGO: u32 = 1000;
const CYCLE_US: u32 = 20_000;

/// Peak at full scale of a voltage input, V, and of a current input, A.
const FULL_V: f64 = 500.0;
const FULL_A: f64 = 120.0;
const VOLTS: Calibration = Calibration::nominal(500_000_000);
const AMPERES: Calibration = Calibration::nominal(120_000_000);
/// Waves are held within two full scales, as the metrology holds them.
const LARGEST: f64 = (1u32 << 27) as f64;

/// One watched input, and what ran when it was looked at last.
#[derive(Clone, Debug, Default)]
struct Seen {
    watch: Watch,
    running: Vec<Running>,
}

/// The detectors of a meter, where there is something to watch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sight {
    inputs: Vec<Option<Box<Seen>>>,
}

impl Sight {
    /// Lets the detectors see the last `elapsed_ms`, at the end of which `running` is what draws current at a
    /// place; the meter hears their verdicts.
    pub(crate) fn look(
        &mut self,
        meter: &mut DurableMeter<VirtualMemory>,
        elapsed_ms: u32,
        running: impl Fn(Place) -> Vec<Running>,
    ) {
        self.inputs.resize_with(MAX_CURRENTS, || None);
        for (current, seen) in self.inputs.iter_mut().enumerate() {
            let place = Place::of(current);
            let watched = meter.meter().watched(place.household, place.id);
            let Some(watched) = watched.filter(|watched| watched.rules.mode != Mode::Off) else {
                *seen = None;
                continue;
            };
            let seen = seen.get_or_insert_default();
            let running = if watched.closed { running(place) } else { Vec::new() };
            if let Some(verdict) = seen.look(current, elapsed_ms, running, &watched) {
                let household = u8::try_from(place.household).unwrap_or(u8::MAX);
                meter.accuse(household, place.id, place.told_phase(), &verdict);
            }
        }
    }
}

impl Seen {
    fn look(
        &mut self,
        current: usize,
        elapsed_ms: u32,
        running: Vec<Running>,
        watched: &Watched<'_>,
    ) -> Option<Verdict> {
        let before = std::mem::replace(&mut self.running, running);
        // A detector that is new has to learn what runs.
        let changed = watched.closed && (before != self.running || !self.watch.is_settled());
        if changed && let Some(verdict) = self.switch(current, &before, watched) {
            return Some(verdict);
        }
        let power_w: u32 = self.running.iter().map(|one| one.device.power_w).sum();
        self.watch.rest(elapsed_ms, i64::from(power_w) * 1_000_000, watched)
    }

    /// Gives the cycles after a switching.
    fn switch(&mut self, current: usize, before: &[Running], watched: &Watched<'_>) -> Option<Verdict> {
        let voltage = fine(&device::mains(), FULL_V);
        for cycle in 0..MOST_CYCLES {
            let wave = fine(&sum(&self.running, before, cycle), FULL_A);
            let seen = CurrentCycle::simulated(current, (&voltage, &VOLTS), (&wave, &AMPERES), CYCLE_US);
            if let Some(verdict) = self.watch.observe(&seen, watched) {
                return Some(verdict);
            }
            if cycle >= FEWEST_CYCLES && self.watch.is_settled() {
                return None;
            }
        }
        None
    }
}

/// The current of all that runs, in a cycle counted since the switching.
fn sum(running: &[Running], before: &[Running], cycle: u32) -> Cycle {
    let mut sum = [0.0; POINTS];
    for one in running {
        let since = if before.contains(one) { LONG_AGO + cycle } else { cycle };
        for (sum, ampere) in sum.iter_mut().zip(one.device.current(since)) {
            *sum += ampere;
        }
    }
    sum
}

/// As fine counts.
fn fine(cycle: &Cycle, full_scale: f64) -> Wave {
    cycle.map(|value| (value / full_scale * f64::from(1u32 << 26)).clamp(-LARGEST, LARGEST - 1.0) as i32)
}
