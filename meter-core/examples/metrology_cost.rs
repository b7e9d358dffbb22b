//! Prints what the metrology of a whole meter costs, with every loop watched for vicious loads: time a sample
//! set and a cycle on this machine, its size in memory, and what the instructions are of a 168 MHz core.
//! `cargo run --release -p meter-core --example metrology_cost`
//!
//! Instructions are counted by valgrind, without building the inputs:
//! `valgrind --tool=callgrind --toggle-collect='*measured*' target/release/examples/metrology_cost 2`
//! and given back to the program with the seconds, to set them against the core:
//! `… metrology_cost 2 INSTRUCTIONS`

#[path = "../tests/support/front_end.rs"]
mod front_end;

use front_end::{Bench, FrontEnd, PhaseError, Wave};
use meter_core::metrology::{MAX_CURRENTS, Metrology, SAMPLE_RATE_HZ, SampleSet, Step, VOLTAGES, Wiring};
use meter_core::protection::overcurrent::OverCurrent;
use meter_core::protection::vicious::{Mode, Settings, Watch, Watched};
use std::time::Instant;

/// Clock of the core, Hz.
const CORE_HZ: f64 = 168e6;
/// Clock cycles on a Cortex-M4F for one instruction of this machine (x86-64). An emulated Cortex-M4F needs 0.7
/// instructions for each of them (its long multiplications and saturations are single ones); 1.3 clock cycles
/// are assumed for each, for loads, branches and wait states of the flash.
const CORE_CYCLES_AN_INSTRUCTION: f64 = 0.7 * 1.3;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let seconds = arguments.next().unwrap_or(10);
    let front = FrontEnd {
        bits: 24,
        noise_a: 0.002,
        phase_error: PhaseError::Transformer(2.0),
        gain_error: 0.0,
        offset: 0.0,
    };
    let loops = MAX_CURRENTS * (size_of::<Watch>() + size_of::<OverCurrent>());
    println!(
        "Metrology: {} bytes; {MAX_CURRENTS} loops of {} bytes (vicious loads) and {} bytes (over-current): {} bytes in all",
        size_of::<Metrology>(),
        size_of::<Watch>(),
        size_of::<OverCurrent>(),
        size_of::<Metrology>() + loops,
    );
    for (name, second_loops) in [("17 currents", 0), ("25 currents", 0xFF)] {
        let inputs = inputs(front, seconds);
        let mut meter = front_end::meter(Wiring::multi_user(second_loops));
        let start = Instant::now();
        let channels = measured(&mut meter, &inputs);
        let spent = start.elapsed().as_secs_f64();
        let sets = inputs.len() as f64;
        println!(
            "{name}: {:.2} µs a sample set, {:.0} µs a cycle of 20 ms, {:.1} ns a channel and sample",
            spent / sets * 1e6,
            spent / sets * 128e6,
            spent / sets * 1e9 / (channels as f64 / (sets / 128.0))
        );
    }
    if let Some(instructions) = arguments.next() {
        let each = instructions as f64 / 2.0 / (seconds * u64::from(SAMPLE_RATE_HZ)) as f64;
        let share = each * CORE_CYCLES_AN_INSTRUCTION * f64::from(SAMPLE_RATE_HZ) / CORE_HZ;
        println!(
            "{each:.0} instructions a sample set (mean of both), {:.0} a cycle: {:.1} % of {} MHz at {:.2} clock cycles an instruction",
            each * 128.0,
            share * 100.0,
            CORE_HZ / 1e6,
            CORE_CYCLES_AN_INSTRUCTION
        );
    }
}

fn inputs(front: FrontEnd, seconds: u64) -> Vec<SampleSet> {
    let mut sets = Vec::new();
    let currents = core::array::from_fn::<_, MAX_CURRENTS, _>(|input| Wave::sine(0.5 + input as f64, 0.3));
    Bench::new(front, 50.2, Wave::sine(230.0, 0.0), currents)
        .each_sample(seconds * u64::from(SAMPLE_RATE_HZ), |set| sets.push(*set));
    sets
}

/// What is measured: every sample set pushed, every channel worked through. Returns the channels.
#[inline(never)]
fn measured(meter: &mut Metrology, inputs: &[SampleSet]) -> usize {
    let mut watches: Vec<_> = (0..MAX_CURRENTS).map(|_| Watch::new()).collect();
    let settings = Settings { mode: Mode::Trip, ..Settings::default() };
    let watched = Watched { rules: &settings, night: false, closed: true };
    let mut channels = 0;
    for set in inputs {
        meter.push(set);
        while let Some(step) = meter.step() {
            channels += usize::from(!matches!(step, Step::Cycle | Step::Second));
            if let Step::Current(cycle) = step {
                let verdict = watches[cycle.current].observe(&cycle, &watched);
                assert!(verdict.is_none(), "nothing is switched on");
            }
        }
    }
    assert!(channels >= VOLTAGES);
    channels
}
