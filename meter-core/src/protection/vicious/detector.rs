//! Takes the cycles of a loop one by one, finds what was switched on, and gives verdicts.

use super::memory::{Average, Glimpse, SETTLED_CYCLES, Sketch};
use super::pulses::{Bursts, Halves};
use super::rules::{Cause, Mode, Settings, Verdict};
use super::step::{Evidence, Step};
use super::transition::{Part, Transition};
use crate::metrology::{Calibration, CurrentCycle, POINTS, Wave};
use crate::protection::leaky::Leaky;

/// Cycles alike between two changes that make a load of their own: the first after a change may have it
/// within.
const PLATEAU_CYCLES: u8 = 2;
/// Cycles after which a load that never settles is judged by its mean.
const RESTLESS_CYCLES: u16 = 100;
/// The settled waveform takes in every so many-th cycle: drifts are slow, and time is dear.
const BASE_INTERVAL: u8 = 8;
/// Residual up to which something that goes may have been what came before, thousandths.
const TAKEN_BACK_RESIDUAL: u16 = 200;
/// Change that is noticed for every watt of the smallest watched power, µA: half of it at 230 V.
const CHANGE_UA_A_WATT: u64 = 1_000_000 / 230 / 2;

/// Where a loop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing settled is known.
    Learning,
    /// What runs is in the base.
    Settled,
    /// Something changed so many cycles ago.
    Moving(u16),
}

/// For how long the night cap has been exceeded.
#[derive(Clone, Copy, Debug)]
enum OverCap {
    /// So long, less what leaked in pauses.
    For(Leaky),
    /// Too long, and it was told.
    Told,
}

/// The detector of one loop.
#[derive(Clone, Debug)]
pub struct Detector {
    state: State,
    /// What ran before the change.
    base: Average,
    /// What was settled for a moment since, if there was such a moment, and what that added to the base.
    middle: Option<(Sketch, Step)>,
    /// The cycles that are alike now.
    plateau: Average,
    /// The cycle before this one.
    before: Sketch,
    halves: Halves,
    transition: Transition,
    bursts: Bursts,
    /// A resistive step between half-waves: counts once the load has settled and it is still there.
    suspect: Option<Glimpse>,
    /// Power of the largest thing that is no resistor and was switched off since the change, mW.
    stopped_mw: i32,
    /// Largest difference from the base since the change, fine counts².
    largest: u64,
    base_age: u8,
    /// What ran before the latest verdict; after a trip, what may come back.
    innocent: Option<Sketch>,
    /// The base is the opened relay's nothing.
    from_nothing: bool,
    over_cap: OverCap,
    threshold: Threshold,
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    /// A loop of which nothing is known.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: State::Learning,
            base: Average::NONE,
            middle: None,
            plateau: Average::NONE,
            before: Sketch::NONE,
            halves: Halves::EMPTY,
            transition: Transition::NONE,
            bursts: Bursts::NONE,
            suspect: None,
            stopped_mw: 0,
            largest: 0,
            base_age: 0,
            innocent: None,
            from_nothing: false,
            over_cap: OverCap::For(Leaky::EMPTY),
            threshold: Threshold { square: 0, smallest_w: 0, full_scale: 0 },
        }
    }

    /// Forgets what runs: after the relay has opened, what comes next comes onto nothing. What had run before
    /// the latest verdict is kept, since it comes back together with what was vicious.
    pub fn relay_opened(&mut self) {
        let (bursts, innocent) = (self.bursts, self.innocent);
        *self = Self { state: State::Settled, bursts, innocent, from_nothing: true, ..Self::new() };
        // A base of no current.
        self.base.cycles = 1;
    }

    /// Takes one cycle; gives a verdict when a vicious load was switched on. `night`: the night cap holds.
    pub fn observe(&mut self, cycle: &CurrentCycle, settings: &Settings, night: bool) -> Option<Verdict> {
        if settings.mode == Mode::Off {
            self.state = State::Learning;
            self.plateau.cycles = 0;
            return None;
        }
        self.threshold.update(cycle.amperes, settings);
        let elapsed_ms = cycle.duration_us() / 1000;
        self.bursts.tick(elapsed_ms);
        let capped = self.night_cap(cycle.power_uw, elapsed_ms, settings, night);
        // A cycle that is not to be compared with others is as good as none.
        let verdict = if cycle.sound { self.advance(cycle, settings) } else { None };
        verdict.or(capped)
    }

    /// Time of which no cycles are given, since the current did not change: for a simulation that leaves them
    /// out. The loop drew `power_uw`.
    pub fn rest(
        &mut self,
        elapsed_ms: u32,
        power_uw: i64,
        settings: &Settings,
        night: bool,
    ) -> Option<Verdict> {
        if settings.mode == Mode::Off {
            return None;
        }
        self.bursts.tick(elapsed_ms);
        self.night_cap(power_uw, elapsed_ms, settings, night)
    }

    /// Whether what runs is known, so that further cycles of the same bring nothing.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.state == State::Settled
    }

    fn night_cap(
        &mut self,
        power_uw: i64,
        elapsed_ms: u32,
        settings: &Settings,
        night: bool,
    ) -> Option<Verdict> {
        let cap_uw = i64::from(settings.night_cap_w) * 1_000_000;
        if !night || cap_uw == 0 {
            self.over_cap = OverCap::For(Leaky::EMPTY);
            return None;
        }
        let above = power_uw > cap_uw;
        let mut over = match self.over_cap {
            OverCap::Told if above => return None,
            OverCap::Told => Leaky::EMPTY,
            OverCap::For(over) => over,
        };
        let over_ms = over.tick(elapsed_ms, above);
        self.over_cap = OverCap::For(over);
        if !above || over_ms < settings.night_delay_ms {
            return None;
        }
        self.over_cap = OverCap::Told;
        let power_w = u32::try_from(power_uw / 1_000_000).unwrap_or(u32::MAX);
        Some(Verdict { cause: Cause::NightCap, evidence: Evidence { power_w, ..Evidence::default() } })
    }

    fn advance(&mut self, cycle: &CurrentCycle, settings: &Settings) -> Option<Verdict> {
        match self.state {
            State::Learning => {
                self.extend(cycle);
                if self.plateau.cycles >= SETTLED_CYCLES {
                    self.settle();
                }
                None
            }
            State::Settled => {
                if !self.threshold.exceeded(&self.base, cycle) {
                    self.refresh(cycle);
                    return None;
                }
                self.begin_moving(cycle, settings);
                None
            }
            State::Moving(cycles) => {
                self.state = State::Moving(cycles + 1);
                self.track(cycle, settings);
                if self.plateau.cycles >= SETTLED_CYCLES {
                    return self.conclude(cycle, settings, true);
                }
                let pulsing = self.judge_halves(settings);
                if cycles >= RESTLESS_CYCLES {
                    return pulsing.or(self.conclude(cycle, settings, false));
                }
                pulsing
            }
        }
    }

    fn refresh(&mut self, cycle: &CurrentCycle) {
        self.base_age += 1;
        if self.base_age >= BASE_INTERVAL {
            self.base_age = 0;
            self.base.add(cycle);
        }
    }

    fn begin_moving(&mut self, cycle: &CurrentCycle, settings: &Settings) {
        self.state = State::Moving(0);
        self.middle = None;
        self.suspect = None;
        self.stopped_mw = 0;
        self.before = Sketch::of(&self.base.wave);
        self.halves.clear();
        self.transition.clear();
        self.largest = 0;
        self.plateau.begin(cycle);
        self.note(cycle);
        self.compare_halves(cycle, settings);
    }

    /// Adds the cycle to the plateau; one that differs begins a new plateau.
    fn extend(&mut self, cycle: &CurrentCycle) {
        if self.plateau.cycles > 0 && !self.threshold.exceeded(&self.plateau, cycle) {
            self.plateau.add(cycle);
        } else {
            self.plateau.begin(cycle);
        }
    }

    fn track(&mut self, cycle: &CurrentCycle, settings: &Settings) {
        self.note(cycle);
        self.compare_halves(cycle, settings);
        if self.threshold.exceeded(&self.plateau, cycle) && self.plateau.cycles >= PLATEAU_CYCLES {
            let first = step_of(cycle, &self.plateau.minus(&self.base));
            self.middle = Some((Sketch::of(&self.plateau.wave), first));
        }
        self.extend(cycle);
    }

    /// Each half-wave less the same one a cycle before: with a switching between them and none within, that
    /// is what was switched, even if something else follows a cycle later. Only a plain resistor is told
    /// so soon.
    fn compare_halves(&mut self, cycle: &CurrentCycle, settings: &Settings) {
        let added = self.before.under(cycle.current_wave);
        self.before = Sketch::of(cycle.current_wave);
        for half in [0..POINTS / 2, POINTS / 2..POINTS] {
            let glimpse = Glimpse::of(cycle, &added, half);
            let resistive = glimpse.residual <= TAKEN_BACK_RESIDUAL;
            if settings.watches_resistor(glimpse.power_mw, glimpse.residual) {
                let larger = self.suspect.is_none_or(|suspect| suspect.power_mw < glimpse.power_mw);
                self.suspect = if larger { Some(glimpse) } else { self.suspect };
            } else if resistive
                && self.suspect.is_some_and(|suspect| -glimpse.power_mw >= suspect.power_mw / 2)
            {
                // What goes looks like a resistor itself: a motor's start is over, or the heater is off again.
                self.suspect = None;
            } else if !resistive {
                self.stopped_mw = self.stopped_mw.max(glimpse.power_mw.saturating_neg());
            }
        }
    }

    /// Keeps the half-waves and the size of the change.
    fn note(&mut self, cycle: &CurrentCycle) {
        let added: Wave = core::array::from_fn(|point| cycle.current_wave[point] - self.base.wave[point]);
        self.halves.add(cycle.voltage_wave, cycle.volts, &added, cycle.amperes);
        self.transition.add(&added);
        self.largest = self.largest.max(self.base.distance(&cycle.harmonics));
    }

    fn judge_halves(&mut self, settings: &Settings) -> Option<Verdict> {
        if !self.halves.full() {
            return None;
        }
        let verdict = self.halves.pulsing().and_then(|pulsing| settings.judge_pulsing(&pulsing));
        if verdict.is_some() && !self.from_nothing {
            self.innocent = Some(Sketch::of(&self.base.wave));
        }
        self.halves.clear();
        verdict
    }

    /// The load has settled, or will not: what was added is judged, and it becomes the base.
    fn conclude(&mut self, cycle: &CurrentCycle, settings: &Settings, settled: bool) -> Option<Verdict> {
        let added = self.plateau.minus(&self.base);
        let whole = step_of(cycle, &added);
        let inrush = if settled { self.inrush() } else { 0 };
        let parts =
            self.middle.map(|(middle, first)| (first, step_of(cycle, &middle.under(&self.plateau.wave))));
        // Two appliances neither of which is a resistor may look like one together.
        let limit = settings.sensitivity.residual();
        let other = |step: &Step| step.power_mw > 0 && step.residual > limit;
        let close = self.transition.parts(&added, cycle, self.threshold.square);
        let two_others = parts.is_some_and(|(first, last)| other(&first) && other(&last))
            || close.is_some_and(|parts| parts.iter().all(|part| part.is_other(limit)));
        let back = self.come_back(cycle);
        let known = back.is_some_and(|rest| is_nothing(&rest, settings));
        // What was vicious is judged without what had run beside it.
        let mut verdict = back.and_then(|rest| settings.judge(&rest, 0));
        if !two_others && !known {
            verdict = verdict.or_else(|| settings.judge(&whole, inrush));
        }
        if let Some((first, last)) = parts.as_ref().filter(|_| !known) {
            verdict = verdict.or_else(|| settings.judge(last, inrush));
            // What came first counts unless it is what has gone again.
            let gone = last.power_mw < 0 && last.residual <= TAKEN_BACK_RESIDUAL;
            verdict = verdict.or_else(|| settings.judge(first, 0).filter(|_| !gone));
        }
        if let Some(parts) = close.filter(|_| !known) {
            let heater = |part: &Part| settings.judge_part(part, &whole);
            verdict = verdict.or_else(|| parts.iter().find_map(heater));
        }
        verdict = verdict.or_else(|| self.remaining_suspect(cycle, &whole).filter(|_| !known));
        let upward = parts.map_or(whole, |(_, last)| if last.power_mw > 0 { last } else { whole });
        if self.bursts.add(&upward) {
            verdict = verdict.or_else(|| settings.judge_burst(&upward, inrush));
        }
        if verdict.is_some() && !self.from_nothing {
            self.innocent = Some(Sketch::of(&self.base.wave));
        }
        self.settle();
        verdict
    }

    /// The suspect, if most of its power is still there, not counting what else was switched off: at most
    /// what had run before.
    fn remaining_suspect(&self, cycle: &CurrentCycle, whole: &Step) -> Option<Verdict> {
        let suspect = self.suspect?;
        if whole.power_mw.abs_diff(suspect.power_mw) <= suspect.power_mw.unsigned_abs() / 20 {
            // It is all there is, and eight cycles say more of it than half a one.
            return None;
        }
        let ran_mw = Glimpse::of(cycle, &self.base.wave, 0..POINTS).power_mw.max(0);
        let left_mw = whole.power_mw.saturating_add(self.stopped_mw.min(ran_mw));
        if left_mw < suspect.power_mw / 5 * 3 {
            return None;
        }
        let power_w = suspect.power_mw.unsigned_abs() / 1000;
        let evidence = Evidence { power_w, ..whole.evidence(suspect.residual, 0) };
        Some(Verdict { cause: Cause::Resistive, evidence })
    }

    /// After a trip everything comes back at once: what of it had not run before the verdict?
    fn come_back(&self, cycle: &CurrentCycle) -> Option<Step> {
        let innocent = self.innocent.filter(|_| self.from_nothing)?;
        Some(step_of(cycle, &innocent.under(&self.plateau.wave)))
    }

    /// Largest current on the way over the settled one, hundredths.
    fn inrush(&self) -> u16 {
        let settled = self.base.distance(&self.plateau.harmonics).max(1);
        let ratio = (u128::from(self.largest) * 10_000 / u128::from(settled)).isqrt();
        u16::try_from(ratio).unwrap_or(u16::MAX)
    }

    fn settle(&mut self) {
        self.base.clone_from(&self.plateau);
        self.base_age = 0;
        self.from_nothing = false;
        self.state = State::Settled;
        self.suspect = None;
    }
}

/// Whether a step is below half of the smallest watched power, by its current.
fn is_nothing(step: &Step, settings: &Settings) -> bool {
    let smallest_w = settings.smallest_w().unwrap_or(u16::MAX);
    u64::from(step.current_ma) * 1000 < u64::from(smallest_w) * CHANGE_UA_A_WATT
}

fn step_of(cycle: &CurrentCycle, added: &Wave) -> Step {
    Step::of(cycle.voltage_wave, cycle.volts, added, cycle.amperes)
}

/// Mean square of a change that is noticed: half the smallest watched power. Kept, for a division is dear.
#[derive(Clone, Copy, Debug, Default)]
struct Threshold {
    square: u64,
    smallest_w: u16,
    full_scale: u32,
}

impl Threshold {
    fn update(&mut self, amperes: &Calibration, settings: &Settings) {
        let smallest_w = settings.smallest_w().unwrap_or(u16::MAX);
        if (smallest_w, amperes.full_scale) != (self.smallest_w, self.full_scale) {
            let micro = u64::from(smallest_w) * CHANGE_UA_A_WATT;
            let fine = (micro << 26) / u64::from(amperes.full_scale.max(1));
            *self = Self { square: fine.saturating_mul(fine), smallest_w, full_scale: amperes.full_scale };
        }
    }

    /// Whether a cycle differs from `average` by this and by 3 % of what runs.
    fn exceeded(&self, average: &Average, cycle: &CurrentCycle) -> bool {
        let distance = average.distance(&cycle.harmonics);
        // Most cycles differ by less than that alone.
        distance > self.square && distance > self.square.saturating_add(average.running() / 1024)
    }
}
