//! Loads: repeatable from the seed, follow the day, and agree with themselves electrically.

use super::*;
use crate::mains::Mains;

fn at(load: &Load, second_of_day: u32) -> Measurement {
    let supply = Mains::new(&mut Rng::with_seed(9)).at(second_of_day);
    load.measure(second_of_day, &supply, &[], true)
}

/// Average power of many households between two hours, W.
fn average_w(kind: Kind, from_hour: u32, to_hour: u32) -> f64 {
    let mut rng = Rng::with_seed(4);
    let loads: Vec<Load> = (0..40).map(|_| Load::new(kind, &mut rng)).collect();
    let seconds: Vec<u32> = (from_hour * 3600..to_hour * 3600).step_by(97).collect();
    let sum: f64 = loads
        .iter()
        .flat_map(|load| seconds.iter().map(|second| f64::from(at(load, *second).power.0) / 1000.0))
        .sum();
    sum / (loads.len() * seconds.len()) as f64
}

#[test]
fn rooms_draw_most_in_the_evening_and_shops_by_day() {
    assert!(average_w(Kind::SinglePhase, 19, 22) > 3.0 * average_w(Kind::SinglePhase, 4, 6));
    assert!(average_w(Kind::SinglePhase, 19, 22) > 3.0 * average_w(Kind::SinglePhase, 10, 13));
    assert!(average_w(Kind::ThreePhase, 11, 19) > 3.0 * average_w(Kind::ThreePhase, 0, 5));
}

#[test]
fn the_same_seed_gives_the_same_household() {
    let [one, same, other] = [7, 7, 8].map(|seed| Load::new(Kind::SinglePhase, &mut Rng::with_seed(seed)));
    let day = |load: &Load| (0..86_400).step_by(301).map(|second| at(load, second)).collect::<Vec<_>>();
    assert_eq!(day(&one), day(&same));
    assert_ne!(day(&one), day(&other));
}

#[test]
fn an_open_relay_leaves_only_the_voltage() {
    let load = Load::new(Kind::ThreePhase, &mut Rng::with_seed(1));
    let supply = Mains::new(&mut Rng::with_seed(9)).at(43_200);
    let open = load.measure(43_200, &supply, &[Device::heater(2000)], false);
    assert_eq!(open.power, MilliWatts(0));
    assert_eq!(open.current, [MilliAmps(0); 3]);
    assert!(open.voltage.iter().all(|voltage| voltage.0 > 220_000));
}

#[test]
fn power_is_voltage_times_current_times_power_factor() {
    for kind in [Kind::SinglePhase, Kind::ThreePhase] {
        let load = Load::new(kind, &mut Rng::with_seed(3));
        for second in (0..86_400).step_by(613) {
            let measured = at(&load, second);
            let apparent: f64 = measured
                .voltage
                .iter()
                .zip(&measured.current)
                .map(|(voltage, current)| f64::from(voltage.0) * f64::from(current.0) / 1e6)
                .sum();
            let expected = apparent * f64::from(measured.power_factor.0) / 1000.0;
            let power = f64::from(measured.power.0) / 1000.0;
            assert!((power - expected).abs() <= 0.5 + power * 0.01, "{power} W, expected {expected} W");
        }
    }
}

#[test]
fn a_single_phase_household_uses_one_phase() {
    let measured = at(&Load::new(Kind::SinglePhase, &mut Rng::with_seed(3)), 72_000);
    assert_eq!((measured.voltage[1], measured.current[2]), (MilliVolts(0), MilliAmps(0)));
}

#[test]
fn a_plugged_heater_is_exact() {
    let supply = Mains::new(&mut Rng::with_seed(9)).at(0);
    for kind in [Kind::SinglePhase, Kind::ThreePhase] {
        let measured = Load::empty(kind).measure(0, &supply, &[Device::heater(2000)], true);
        assert_eq!((measured.power, measured.power_factor), (MilliWatts(2_000_000), PowerFactor(1000)));
    }
}

#[test]
fn a_window_may_run_over_midnight() {
    let window = Window { start_s: 86_000, length_s: 800 };
    assert!(window.contains(86_000) && window.contains(86_399) && window.contains(0) && window.contains(399));
    assert!(!window.contains(400) && !window.contains(85_999));
}
