//! Measures the recognition of vicious loads on recorded appliances, and prints the table.
//! `cargo run --release -p meter-core --example load_identification -- DIR [SWITCH-ONS [SEED]]`
//!
//! DIR holds one file a class, `<class>.i16`: recordings one after another, each of 3200 pairs of
//! little-endian `i16` (current, voltage) at 6400 samples a second.

#[path = "../../tests/support/front_end.rs"]
mod front_end;
mod mix;
mod recordings;
#[path = "../../tests/support/stage.rs"]
mod stage;

use front_end::Noise;
use mix::{Kind, Scene};
use recordings::Library;
use stage::Setting;
use std::path::Path;

const SETTINGS: [Setting; 8] = [
    Setting { name: "clean", ..Setting::CLEAN },
    Setting { name: "50 mA, 12 bit", noise_a: 0.05, bits: 12, ..Setting::CLEAN },
    Setting { name: "phase +1°", lead_degrees: 1.0, ..Setting::CLEAN },
    Setting { name: "phase -1°", lead_degrees: -1.0, ..Setting::CLEAN },
    Setting { name: "phase +3°", lead_degrees: 3.0, ..Setting::CLEAN },
    Setting { name: "phase -3°", lead_degrees: -3.0, ..Setting::CLEAN },
    Setting { name: "+3°, 50 mA, 12 bit", lead_degrees: 3.0, noise_a: 0.05, bits: 12, ..Setting::CLEAN },
    Setting { name: "47.3 Hz, -1°, 20 mA", hz: 47.3, lead_degrees: -1.0, noise_a: 0.02, bits: 16 },
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(directory) = arguments.next() else {
        eprintln!("usage: load_identification DIR [SWITCH-ONS [SEED]]");
        std::process::exit(2);
    };
    let events: u32 = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(6000);
    let seed: u64 = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let library = match Library::read(Path::new(&directory)) {
        Ok(library) => library,
        Err(error) => {
            eprintln!("{directory}: {error}");
            std::process::exit(2);
        }
    };
    println!(
        "{events} switch-ons a setting onto 0-5 permitted appliances, and {} of each special kind; seed {seed}",
        events / 6
    );
    println!(
        "{:<20} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "setting",
        "resistive",
        "false",
        "induction",
        "half-wave",
        "phase-cut",
        "two loads",
        "two false",
        "ms"
    );
    for setting in &SETTINGS {
        print_row(&Row::measure(&library, setting, events, seed));
    }
}

/// Counts of one kind of switch-on.
#[derive(Clone, Copy, Default)]
struct Count {
    events: u32,
    found: u32,
}

impl Count {
    fn add(&mut self, found: bool) {
        self.events += 1;
        self.found += u32::from(found);
    }

    fn share(self) -> f64 {
        f64::from(self.found) / f64::from(self.events.max(1))
    }
}

#[derive(Default)]
struct Row {
    name: &'static str,
    resistive: Count,
    permitted: Count,
    induction: Count,
    half_wave: Count,
    phase_cut: Count,
    two_loads: Count,
    two_permitted: Count,
    /// Time to the verdict on resistive loads.
    waited_ms: f64,
    /// Wrong decisions by class.
    wrong: Vec<String>,
}

impl Row {
    fn measure(library: &Library, setting: &Setting, events: u32, seed: u64) -> Self {
        let mut row = Self { name: setting.name, ..Self::default() };
        let mut noise = Noise::new(seed);
        for _ in 0..events {
            let kind = Kind::Any(library.any_class(&mut noise));
            row.take(library, setting, kind, &mut noise);
        }
        for _ in 0..events / 6 {
            for kind in [Kind::HalfWave, Kind::PhaseCut, Kind::Two, Kind::TwoPermitted] {
                row.take(library, setting, kind, &mut noise);
            }
        }
        row
    }

    fn take(&mut self, library: &Library, setting: &Setting, kind: Kind, noise: &mut Noise) {
        let scene = Scene::make(library, kind, noise);
        let outcome = stage::play(&scene.sources(), setting, scene.voltage(), noise.bits());
        let found = outcome.verdict.is_some();
        let vicious = match kind {
            Kind::Any(class) if class.resistive() => {
                self.resistive.add(found);
                self.waited_ms += outcome.waited_ms;
                true
            }
            Kind::Any(class) if class.permitted() => {
                self.permitted.add(found || outcome.early);
                false
            }
            Kind::Any(_) => {
                self.induction.add(found);
                true
            }
            Kind::HalfWave => {
                self.half_wave.add(found);
                true
            }
            Kind::PhaseCut => {
                self.phase_cut.add(found);
                true
            }
            Kind::Two => {
                self.two_loads.add(found);
                true
            }
            Kind::TwoPermitted => {
                self.two_permitted.add(found);
                false
            }
        };
        if found != vicious || outcome.early {
            self.wrong.push(format!("{} early {} {:?}", scene.describe(), outcome.early, outcome.verdict));
        }
    }
}

fn print_row(row: &Row) {
    let shares = [
        row.resistive,
        row.permitted,
        row.induction,
        row.half_wave,
        row.phase_cut,
        row.two_loads,
        row.two_permitted,
    ];
    print!("{:<20}", row.name);
    shares.iter().for_each(|count| print!(" {:>9.4}", count.share()));
    println!(" {:>7.0}", row.waited_ms / f64::from(row.resistive.found.max(1)));
    if std::env::var_os("WRONG").is_some() {
        row.wrong.iter().for_each(|line| println!("    {line}"));
    }
}
