//! Typical appliances of a dormitory room and of a shop, and when they are used.

use super::appliance::{Appliance, Cycle, DAY_S, Phases, Window};
use fastrand::Rng;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

/// A room: asleep from about 23:30 to 7:00, mostly out by day, at home in the evening.
pub(super) fn home(rng: &mut Rng) -> Vec<Appliance> {
    let mut appliances = vec![
        always(rng.u32(3..9), 0.55),
        cycling(always(rng.u32(70..120), 0.68), rng, 40 * MINUTE, 15 * MINUTE),
        used(rng.u32(20..60), 0.92, vec![around(rng, 18 * HOUR, 5 * HOUR), around(rng, 7 * HOUR, HOUR)]),
        used(rng.u32(90..260), 0.96, computer_hours(rng)),
        used(rng.u32(1200..1800), 1.0, boilings(rng)),
    ];
    if rng.f64() < 0.6 {
        let cooling = used(rng.u32(700..1100), 0.91, vec![around(rng, 20 * HOUR, 6 * HOUR)]);
        appliances.push(cycling(cooling, rng, 20 * MINUTE, 11 * MINUTE));
    }
    appliances
}

/// A shop or canteen: open from about 7 to 21, with an oven at meal times and cold stores day and night.
pub(super) fn shop(rng: &mut Rng) -> Vec<Appliance> {
    let open = around(rng, 7 * HOUR, 14 * HOUR);
    let lights = on(Phases::One(0), used(rng.u32(500..1200), 0.9, vec![open]));
    let meals = vec![around(rng, 6 * HOUR, 4 * HOUR), around(rng, 16 * HOUR, 3 * HOUR)];
    let oven = on(Phases::All, used(rng.u32(4000..9000), 1.0, meals));
    let cooling = on(Phases::All, used(rng.u32(2500..4500), 0.88, vec![around(rng, 10 * HOUR, 11 * HOUR)]));
    let mut appliances = vec![
        lights,
        cycling(oven, rng, 8 * MINUTE, 5 * MINUTE),
        cycling(cooling, rng, 25 * MINUTE, 16 * MINUTE),
    ];
    for phase in 0..3 {
        let cold_store = on(Phases::One(phase), always(rng.u32(300..600), 0.72));
        appliances.push(cycling(cold_store, rng, 30 * MINUTE, 14 * MINUTE));
    }
    appliances
}

fn always(power_w: u32, power_factor: f64) -> Appliance {
    used(power_w, power_factor, Vec::new())
}

fn used(power_w: u32, power_factor: f64, windows: Vec<Window>) -> Appliance {
    Appliance { power_w, power_factor, phases: Phases::One(0), windows, cycle: None }
}

fn on(phases: Phases, appliance: Appliance) -> Appliance {
    Appliance { phases, ..appliance }
}

fn cycling(appliance: Appliance, rng: &mut Rng, period_s: u32, on_s: u32) -> Appliance {
    let cycle = Cycle { period_s, on_s, offset_s: rng.u32(0..period_s) };
    Appliance { cycle: Some(cycle), ..appliance }
}

/// People are not clocks: half an hour earlier or later, a fifth longer or shorter.
fn around(rng: &mut Rng, start_s: u32, length_s: u32) -> Window {
    let earlier_s = 30 * MINUTE;
    Window {
        start_s: (start_s + DAY_S - earlier_s + rng.u32(0..2 * earlier_s)) % DAY_S,
        length_s: length_s * rng.u32(80..120) / 100,
    }
}

fn computer_hours(rng: &mut Rng) -> Vec<Window> {
    let mut hours = vec![around(rng, 19 * HOUR, 4 * HOUR)];
    if rng.f64() < 0.4 {
        hours.push(around(rng, 14 * HOUR, 2 * HOUR));
    }
    hours
}

/// The kettle: in the morning, and once to three times in the evening.
fn boilings(rng: &mut Rng) -> Vec<Window> {
    let mut starts = vec![7 * HOUR];
    for _ in 0..rng.u32(1..4) {
        starts.push(rng.u32(17 * HOUR..22 * HOUR));
    }
    starts.into_iter().map(|start_s| around(rng, start_s, 4 * MINUTE)).collect()
}
