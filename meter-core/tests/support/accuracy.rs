//! Errors of the metrology against IEC 62053-21, class 1, with a modelled front end. Shared by the test
//! and the example.
#![allow(dead_code, reason = "each user needs a part of it")]

use crate::front_end::{self, Bench, FrontEnd, ORDERS, Wave};
use meter_core::metrology::trig::Angle;
use meter_core::metrology::{
    Calibration, EnergyRegister, MAX_CURRENTS, Metrology, NoLoad, RESIDUE_PER_WATT_HOUR, SAMPLE_RATE_HZ,
    Step, VOLTAGES, calibrate,
};

/// Basic current, A; the table below is in parts of it.
pub const BASIC_A: f64 = 5.0;
/// Largest current, A, and a thousand steps down from it.
pub const CURRENTS_A: [f64; 8] = [60.0, 20.0, 5.0, 1.0, 0.5, 0.25, 0.12, 0.06];
/// Power factors as lag in degrees: 1, 0.5 lagging, 0.8 leading.
pub const LAGS: [(&str, f64); 3] = [("1", 0.0), ("0.5 lag", 60.0), ("0.8 lead", -36.869_897_645_844)];

/// One measuring condition for all currents and power factors.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    pub front: FrontEnd,
    pub hz: f64,
    pub volts: f64,
    /// Shares of the harmonics 3, 5 and 7 in voltage and current.
    pub harmonics: [f64; 3],
}

/// Limit of class 1 at `amperes`, %. Below the smallest current of the standard's table its limit is held on.
pub fn class_1_limit(amperes: f64, lag_degrees: f64) -> f64 {
    let part = amperes / BASIC_A;
    let full_from = if lag_degrees == 0.0 { 0.1 } else { 0.2 };
    if part < full_from { 1.5 } else { 1.0 }
}

/// Energy of a register, in µW × 2^-16 samples.
pub fn energy(register: &EnergyRegister) -> f64 {
    let flow = &register.active;
    flow.forward_wh as f64 * RESIDUE_PER_WATT_HOUR as f64 + flow.forward_residue() as f64
}

/// Calibrates every channel by the procedure of `docs/calibration.md`, from what the meter reads.
pub fn calibrated(front: FrontEnd) -> Metrology {
    let mut constants = [Calibration::nominal((front_end::AMPERES * 1e6) as u32); VOLTAGES + MAX_CURRENTS];
    constants[..VOLTAGES].fill(Calibration::nominal((front_end::VOLTS * 1e6) as u32));
    let meter = |constants: &[Calibration; VOLTAGES + MAX_CURRENTS]| {
        Metrology::new(Bench::wiring(), constants, NoLoad::class_1(5000, 230_000))
    };
    for round in 0..3 {
        let points = [45.0, 55.0].map(|hz| {
            let current = Wave::sine(BASIC_A, 60f64.to_radians());
            let mut bench = Bench::new(front, hz, Wave::sine(230.0, 0.0), [current; MAX_CURRENTS]);
            let mut meter = meter(&constants);
            bench.run(&mut meter, 6 * u64::from(SAMPLE_RATE_HZ), |_| {});
            core::array::from_fn::<_, MAX_CURRENTS, _>(|current| calibrate::Point {
                read: meter.reading(current),
                true_current_ua: (BASIC_A * 1e6) as u32,
                true_lag: Angle::from_millidegrees(60_000),
            })
        });
        for constants in &mut constants[..VOLTAGES] {
            // All currents are on the first phase; the others' voltages are not used here.
            *constants = calibrate::voltage(*constants, points[0][0].read.voltage_uv, 230_000_000);
        }
        for current in 0..MAX_CURRENTS {
            let pair = [points[0][current], points[1][current]];
            let slot = &mut constants[VOLTAGES + current];
            *slot = calibrate::current_at_two_frequencies(*slot, &pair).expect("10 Hz apart");
        }
        if round == 0 {
            let silent = [Wave::sine(0.0, 0.0); MAX_CURRENTS];
            let mut bench = Bench::new(front, 50.0, Wave::sine(230.0, 0.0), silent);
            let mut meter = meter(&constants);
            bench.run(&mut meter, 3 * u64::from(SAMPLE_RATE_HZ), |_| {});
            for current in 0..MAX_CURRENTS {
                let slot = &mut constants[VOLTAGES + current];
                *slot = calibrate::noise(*slot, meter.reading(current).current_ua);
            }
        }
    }
    meter(&constants)
}

/// Error of the energy at each current and power factor, %, over `seconds`.
pub fn errors(
    meter: &Metrology,
    condition: &Condition,
    seconds: u64,
) -> [[f64; LAGS.len()]; CURRENTS_A.len()] {
    let mut currents = [Wave::sine(0.0, 0.0); MAX_CURRENTS];
    for (index, current) in currents.iter_mut().enumerate().take(CURRENTS_A.len() * LAGS.len()) {
        let (_, lag) = LAGS[index % LAGS.len()];
        let sine = Wave::sine(CURRENTS_A[index / LAGS.len()], lag.to_radians());
        *current = Wave { shares: condition.harmonics, ..sine };
    }
    let voltage = Wave { shares: condition.harmonics, ..Wave::sine(condition.volts, 0.0) };
    let mut bench = Bench::new(condition.front, condition.hz, voltage, currents);
    let mut meter = meter.clone();
    // Locks, and decides that something flows.
    bench.run(&mut meter, u64::from(SAMPLE_RATE_HZ), |_| {});
    let before: [f64; MAX_CURRENTS] = core::array::from_fn(|current| energy(&meter.energy(current)));
    let turns = measured_samples(&mut bench, &mut meter, seconds * u64::from(SAMPLE_RATE_HZ));
    core::array::from_fn(|row| {
        core::array::from_fn(|column| {
            let index = row * LAGS.len() + column;
            let exact = voltage.power_with(&currents[index]) * 1e6 * turns * 65_536.0;
            ((energy(&meter.energy(index)) - before[index]) / exact - 1.0) * 100.0
        })
    })
}

/// Runs for `samples` and returns how many samples the counted cycles lasted.
fn measured_samples(bench: &mut Bench, meter: &mut Metrology, samples: u64) -> f64 {
    let mut cycles = 0u64;
    bench.run(meter, samples, |step| cycles += u64::from(matches!(step, Step::Cycle | Step::Second)));
    // While locked a cycle is a cycle of the mains.
    cycles as f64 * f64::from(SAMPLE_RATE_HZ) / bench.hz
}

/// The largest error as a part of its limit.
pub fn worst_part(errors: &[[f64; LAGS.len()]; CURRENTS_A.len()]) -> f64 {
    let mut worst = 0f64;
    for (row, amperes) in errors.iter().zip(CURRENTS_A) {
        for (error, (_, lag)) in row.iter().zip(LAGS) {
            worst = worst.max(error.abs() / class_1_limit(amperes, lag));
        }
    }
    worst
}

/// Total share of harmonics, for a heading.
pub fn distortion(harmonics: &[f64; ORDERS.len() - 1]) -> f64 {
    harmonics.iter().map(|share| share * share).sum::<f64>().sqrt()
}
