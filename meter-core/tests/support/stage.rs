//! Plays appliances, given cycle by cycle, through a modelled converter and the metrology into the
//! detector of vicious loads. Shared by tests and the example.
#![allow(dead_code, reason = "each user needs a part of it")]

use crate::front_end::{self, Noise};
use meter_core::metrology::{CurrentCycle, MAX_CURRENTS, Phase, SampleSet, Step, Wiring};
use meter_core::protection::vicious::{Detector, Mode, Settings, Verdict};

/// Points of a cycle.
pub const POINTS: usize = 128;
/// Cycle in which something is switched on: the clock has locked and the load is known by then.
pub const SWITCH_CYCLE: f64 = 40.0;
/// Cycles that are played.
pub const CYCLES: f64 = 110.0;

/// The current of an appliance over some cycles, which are repeated, from the rising crossing of its voltage.
#[derive(Clone, Debug)]
pub struct Appliance {
    pub currents: Vec<[f64; POINTS]>,
    pub voltage: [f64; POINTS],
}

/// An appliance and when it is switched on.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub appliance: &'a Appliance,
    /// From here on, in cycles since the start.
    pub from_cycle: f64,
    /// and until here.
    pub until_cycle: f64,
    /// The recorded cycle with which it begins.
    pub first: usize,
}

impl Source<'_> {
    fn current(&self, turns: f64, sensed: f64) -> f64 {
        if turns < self.from_cycle || turns >= self.until_cycle {
            return 0.0;
        }
        let cycles = &self.appliance.currents;
        let at = |cycle: usize, point: usize| cycles[(cycle + self.first) % cycles.len()][point];
        let position = sensed.max(0.0).fract() * POINTS as f64;
        // Its own cycles are counted from the one in which it is switched on.
        let cycle = (sensed.floor() - self.from_cycle.floor()).max(0.0) as usize;
        let (point, part) = (position as usize % POINTS, position.fract());
        let next = if point + 1 == POINTS { at(cycle + 1, 0) } else { at(cycle, point + 1) };
        at(cycle, point) * (1.0 - part) + next * part
    }
}

/// How well the appliances are seen.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub noise_a: f64,
    pub bits: u32,
    /// Phase error that calibration left; the current comes early by it.
    pub lead_degrees: f64,
    pub hz: f64,
}

impl Setting {
    pub const CLEAN: Self = Self { name: "", noise_a: 0.0, bits: 24, lead_degrees: 0.0, hz: 50.0 };
}

/// What the detector said.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The first verdict after the switch-on.
    pub verdict: Option<Verdict>,
    /// A verdict came before anything was switched on.
    pub early: bool,
    /// From the switch-on to the verdict.
    pub waited_ms: f64,
}

/// Watches everything from 150 W.
pub fn watching() -> Settings {
    Settings { mode: Mode::Trip, ..Settings::default() }
}

/// Plays `sources` under `voltage` with the usual settings.
pub fn play(sources: &[Source], setting: &Setting, voltage: &[f64; POINTS], seed: u64) -> Outcome {
    play_with(sources, setting, voltage, seed, &watching())
}

/// Plays `sources` under `voltage`.
pub fn play_with(
    sources: &[Source],
    setting: &Setting,
    voltage: &[f64; POINTS],
    seed: u64,
    settings: &Settings,
) -> Outcome {
    let mut detector = Detector::new();
    let mut outcome = Outcome::default();
    each_cycle(sources, setting, voltage, seed, CYCLES, |turns, cycle| {
        if let Some(verdict) = detector.observe(cycle, settings, false) {
            if turns < SWITCH_CYCLE {
                outcome.early = true;
            } else if outcome.verdict.is_none() {
                outcome.verdict = Some(verdict);
                outcome.waited_ms = (turns - SWITCH_CYCLE) / setting.hz * 1000.0;
            }
        }
        true
    });
    outcome
}

/// Plays `sources` for `cycles` and hands every measured cycle out with the time in cycles; while what that
/// returns is false, the relay is open.
pub fn each_cycle(
    sources: &[Source],
    setting: &Setting,
    voltage: &[f64; POINTS],
    seed: u64,
    cycles: f64,
    mut each: impl FnMut(f64, &CurrentCycle) -> bool,
) {
    let mut phases = [None; MAX_CURRENTS];
    phases[0] = Some(Phase::A);
    let mut meter = front_end::meter(Wiring::new(phases));
    let (mut closed, mut noise) = (true, Noise::new(seed));
    let rate = f64::from(meter_core::metrology::SAMPLE_RATE_HZ);
    for sample in 0..(cycles * rate / setting.hz) as u32 {
        let turns = f64::from(sample) * setting.hz / rate;
        let connected = if closed { sources } else { &[] };
        meter.push(&sample_set(connected, setting, voltage, turns, &mut noise));
        while let Some(step) = meter.step() {
            if let Step::Current(cycle) = step {
                closed = each(turns, &cycle);
            }
        }
    }
}

fn sample_set(
    sources: &[Source],
    setting: &Setting,
    voltage: &[f64; POINTS],
    turns: f64,
    noise: &mut Noise,
) -> SampleSet {
    let position = turns.fract() * POINTS as f64;
    let (point, part) = (position as usize % POINTS, position.fract());
    let volts = voltage[point] * (1.0 - part) + voltage[(point + 1) % POINTS] * part;
    let sensed = turns + setting.lead_degrees / 360.0;
    let current: f64 = sources.iter().map(|source| source.current(turns, sensed)).sum();
    let mut set = SampleSet::ZERO;
    set.voltages[0] = count(volts / front_end::VOLTS, 24);
    let noisy = current + setting.noise_a * noise.normal();
    set.currents[0] = count(noisy / front_end::AMPERES, setting.bits);
    set
}

fn count(part: f64, bits: u32) -> i32 {
    let steps = f64::from(1u32 << (bits - 1));
    ((part * steps).round().clamp(-steps, steps - 1.0) as i32) << (24 - bits)
}
