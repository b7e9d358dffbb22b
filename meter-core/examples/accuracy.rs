//! Prints the error of the metrology against the limits of IEC 62053-21, class 1, with a modelled front end.
//! `cargo run --release -p meter-core --example accuracy`

#[path = "../tests/support/accuracy.rs"]
mod accuracy;
#[path = "../tests/support/appliances.rs"]
mod appliances;
#[path = "../tests/support/front_end.rs"]
mod front_end;
#[path = "../tests/support/house.rs"]
#[allow(dead_code, reason = "tests need more of it")]
mod house;
#[path = "../tests/support/stage.rs"]
mod stage;

use accuracy::{CURRENTS_A, Condition, LAGS, class_1_limit, distortion, worst_part};
use front_end::{FrontEnd, PhaseError};
use house::House;

/// A fifth of the limit is the target.
const TARGET: f64 = 0.2;

/// Bits, noise in amperes r.m.s., offset as part of full scale.
const CONVERTERS: [(u32, f64, f64); 3] = [(24, 0.002, 1e-4), (16, 0.0037, 3e-4), (24, 0.020, 1e-4)];

fn phase_errors() -> Vec<PhaseError> {
    let degrees = [0.0, 1.0, 2.0, 4.0];
    let mut errors: Vec<_> = degrees.map(PhaseError::Transformer).to_vec();
    errors.extend([PhaseError::Delay(1.0), PhaseError::Delay(4.0), PhaseError::Constant(4.0)]);
    errors
}

fn main() {
    sold();
    println!(
        "Error of active energy in % with a modelled front end: 230 V, basic current 5 A, largest 60 A."
    );
    println!("Every channel starts with a gain error of 2 % and the phase error of its heading, and is");
    println!("calibrated from readings by the procedure of docs/calibration.md. Limits: class 1.\n");
    let mut worst = 0f64;
    for (bits, noise_a, offset) in CONVERTERS {
        for phase_error in phase_errors() {
            let front = FrontEnd { bits, noise_a, phase_error, gain_error: 0.02, offset };
            worst = worst.max(table(front));
        }
    }
    println!("Largest part of a limit: {:.1} % (target {:.0} %)", worst * 100.0, TARGET * 100.0);
    assert!(worst <= TARGET, "beyond the target");
}

/// What a meter sells of bursts, beside what its registers count and what flowed.
fn sold() {
    println!("On for some cycles of some, a minute long: what flowed, what is registered, what is sold.");
    println!("At the end of a second, so a little more or less than a minute.\n");
    println!(
        "{:>7} {:>5} {:>5} {:>11} {:>14} {:>10} {:>17}",
        "W", "on", "of", "flowed Wh", "registered Wh", "sold Wh", "sold/registered"
    );
    for (watts, on, of) in
        [(57.0, 6, 150), (57.0, 150, 150), (1500.0, 6, 150), (300.0, 25, 77), (5.0, 40, 50)]
    {
        let mut house = House::with(&[]);
        house.plug(0, appliances::bursts(watts, on, of));
        house.run(59.5);
        // To the end of a second in which something is sold.
        let before_wh = house.used_wh(0);
        house.run_until(|house| house.used_wh(0) > before_wh, 3.1);
        let (registered_wh, sold_wh) = (house.registered_wh(0), house.used_wh(0));
        let flowed_wh = watts * on as f64 / of as f64 / 60.0;
        let error = (sold_wh / registered_wh - 1.0) * 100.0;
        println!(
            "{watts:>7} {on:>5} {of:>5} {flowed_wh:>11.4} {registered_wh:>14.4} {sold_wh:>10.4} {error:>+16.3}%"
        );
    }
    println!();
}

fn conditions(front: FrontEnd) -> Vec<Condition> {
    let base = Condition { front, hz: 50.0, volts: 230.0, harmonics: [0.0; 3] };
    let mut all: Vec<_> = [45.0, 48.0, 50.0, 52.0, 55.0].map(|hz| Condition { hz, ..base }).to_vec();
    let harmonics = [0.08, 0.05, 0.033];
    all.extend([207.0, 253.0].map(|volts| Condition { volts, ..base }));
    all.extend([45.0, 50.0, 55.0].map(|hz| Condition { hz, harmonics, ..base }));
    all
}

fn table(front: FrontEnd) -> f64 {
    // Noise is averaged out as on a test bench: longer where it is larger.
    let seconds = if front.noise_a > 0.01 { 120 } else { 20 };
    println!(
        "{} bit, {} mA noise, {:?}° before calibration, {} s a reading",
        front.bits,
        front.noise_a * 1000.0,
        front.phase_error,
        seconds
    );
    print!("{:>6} {:>5} {:>5} {:>9}", "Hz", "V", "THD", "PF");
    CURRENTS_A.iter().for_each(|amperes| print!("{amperes:>9} A"));
    println!("{:>12}", "worst/limit");
    let meter = accuracy::calibrated(front);
    let mut worst = 0f64;
    for condition in conditions(front) {
        let errors = accuracy::errors(&meter, &condition, seconds);
        for (column, (name, lag)) in LAGS.iter().enumerate() {
            let thd = distortion(&condition.harmonics) * 100.0;
            print!("{:>6} {:>5} {:>4.0}% {:>9}", condition.hz, condition.volts, thd, name);
            let mut part = 0f64;
            for (row, amperes) in errors.iter().zip(CURRENTS_A) {
                print!("{:>+11.4}", row[column]);
                part = part.max(row[column].abs() / class_1_limit(amperes, *lag));
            }
            println!("{:>11.1}%", part * 100.0);
        }
        worst = worst.max(worst_part(&errors));
    }
    println!();
    worst
}
