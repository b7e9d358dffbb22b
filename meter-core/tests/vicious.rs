//! Recognition of vicious loads on appliances made from their physics, through converter and metrology.

#[path = "support/appliances.rs"]
mod appliances;
#[path = "support/front_end.rs"]
mod front_end;
#[path = "support/stage.rs"]
mod stage;

use appliances::*;
use meter_core::protection::recovery::{Phase, Policy, Recovery};
use meter_core::protection::vicious::{Band, Cause, Mode, Permitted, Settings, Verdict, Watch, Watched};
use stage::{Appliance, SWITCH_CYCLE, Setting, Source, play_with, watching};

const CLEAN: Setting = Setting::CLEAN;
const NOISY: Setting = Setting { name: "noisy", noise_a: 0.05, bits: 12, lead_degrees: 2.0, hz: 50.0 };
const OFF_FREQUENCY: Setting =
    Setting { name: "45 Hz", noise_a: 0.02, bits: 16, lead_degrees: -3.0, hz: 45.0 };

fn from(appliance: &Appliance, cycles: f64) -> Source<'_> {
    Source { appliance, from_cycle: SWITCH_CYCLE + cycles, until_cycle: f64::INFINITY, first: 0 }
}

fn running(appliance: &Appliance) -> Source<'_> {
    from(appliance, -SWITCH_CYCLE)
}

fn verdict_with(sources: &[Source], setting: &Setting, settings: &Settings) -> Option<Verdict> {
    let outcome = play_with(sources, setting, &mains(), 7, settings);
    assert!(!outcome.early, "{:?}", outcome.verdict);
    outcome.verdict
}

fn verdict(sources: &[Source], setting: &Setting) -> Option<Verdict> {
    verdict_with(sources, setting, &watching())
}

fn mix() -> [Appliance; 4] {
    [
        shifted(700.0, -8.7, 0.005, 0.035),
        shifted(50.0, 48.0, 0.1, 0.02),
        rectifier(60.0),
        shifted(80.0, -3.0, 0.03, 0.05),
    ]
}

#[test]
fn heaters_are_found_beside_anything() {
    let mix = mix();
    for setting in [CLEAN, NOISY, OFF_FREQUENCY] {
        for watts in [300.0, 1000.0, 2500.0] {
            for beside in 0..=mix.len() {
                let heater = heater(watts);
                let mut sources: Vec<_> = mix[..beside].iter().map(running).collect();
                sources.push(from(&heater, 0.37));
                let verdict = verdict(&sources, &setting)
                    .unwrap_or_else(|| panic!("{watts} W beside {beside}, {setting:?}"));
                assert_eq!(verdict.cause, Cause::Resistive);
                assert!((f64::from(verdict.evidence.power_w) / watts - 1.0).abs() < 0.03, "{verdict:?}");
            }
        }
    }
}

#[test]
fn permitted_appliances_are_left_alone() {
    let mix = mix();
    let appliances = [
        shifted(750.0, -8.7, 0.005, 0.035),
        shifted(1200.0, 25.0, 0.05, 0.02),
        rectifier(400.0),
        shifted(900.0, 12.0, 0.12, 0.03),
        starting_motor(400.0, 30.0, 6.0, 8.0),
        // A universal motor: nearly in phase while it starts.
        starting_motor(800.0, 14.0, 5.0, 6.0),
        charging_supply(300.0),
    ];
    for setting in [CLEAN, NOISY] {
        for (index, appliance) in appliances.iter().enumerate() {
            let mut sources: Vec<_> = mix[1..].iter().map(running).collect();
            sources.push(from(appliance, 0.6));
            assert_eq!(verdict(&sources, &setting), None, "appliance {index}, {setting:?}");
        }
    }
}

#[test]
fn diodes_phase_controls_and_pulses_do_not_hide_a_heater() {
    let mix = mix();
    let hidden = [
        (half_wave(500.0, false), Cause::HalfWave),
        (half_wave(800.0, true), Cause::HalfWave),
        (phase_cut(1500.0, 50.0), Cause::PhaseCut),
        (phase_cut(1500.0, 90.0), Cause::PhaseCut),
        (phase_cut(2500.0, 120.0), Cause::PhaseCut),
        (induction(600.0, 0), Cause::Pulsing),
        (induction(600.0, 64), Cause::Pulsing),
        (induction(600.0, 20), Cause::Pulsing),
    ];
    for setting in [CLEAN, NOISY] {
        for (index, (appliance, cause)) in hidden.iter().enumerate() {
            let mut sources: Vec<_> = mix.iter().map(running).collect();
            sources.push(from(appliance, 0.2));
            let found = verdict(&sources, &setting).map(|verdict| verdict.cause);
            assert_eq!(found, Some(*cause), "load {index}, {setting:?}");
        }
    }
}

#[test]
fn two_loads_within_100_ms_are_not_missed() {
    let (small, other) = (heater(300.0), shifted(750.0, -8.7, 0.005, 0.035));
    for setting in [CLEAN, NOISY] {
        for gap in [0.3, 0.5, 1.2, 2.5, 4.9] {
            for (heater_at, other_at) in [(0.1, 0.1 + gap), (0.1 + gap, 0.1)] {
                let sources = [from(&small, heater_at), from(&other, other_at)];
                assert!(verdict(&sources, &setting).is_some(), "{heater_at} {other_at} {setting:?}");
            }
        }
    }
}

/// One leads and one lags: together they look like a resistor, but between the two only one flowed.
#[test]
fn two_permitted_appliances_within_100_ms_are_no_heater() {
    let (leading, lagging) = (shifted(600.0, -14.0, 0.0, 0.02), shifted(600.0, 14.0, 0.0, 0.02));
    for setting in [CLEAN, NOISY] {
        for gap in [0.3, 0.6, 1.0, 1.7, 2.4, 4.4] {
            for start in [0.1, 0.35, 0.8] {
                let sources = [from(&leading, start), from(&lagging, start + gap)];
                assert_eq!(verdict(&sources, &setting), None, "{start} + {gap}, {setting:?}");
            }
        }
    }
}

/// A threshold on the loop's power alone misses a kettle that starts as a compressor stops.
#[test]
fn a_heater_is_found_as_something_else_stops() {
    let (kettle, compressor) = (heater(1000.0), shifted(900.0, 25.0, 0.05, 0.02));
    for stop in [-2.0, -1.0, 2.0, 4.0] {
        let stopping = Source { until_cycle: SWITCH_CYCLE + 2.3 + stop, ..running(&compressor) };
        assert!(verdict(&[stopping, from(&kettle, 2.3)], &CLEAN).is_some(), "{stop}");
    }
}

#[test]
fn what_is_off_again_at_once_is_no_verdict() {
    let kettle = heater(1000.0);
    let touch = Source { until_cycle: SWITCH_CYCLE + 4.4, ..from(&kettle, 0.4) };
    assert_eq!(verdict(&[touch], &CLEAN), None);
}

#[test]
fn settings_decide_what_is_forbidden() {
    let kettle = heater(1000.0);
    let sources = [from(&kettle, 0.5)];
    let found = |settings: &Settings| verdict_with(&sources, &CLEAN, settings).is_some();
    let mut settings = watching();
    assert!(found(&settings));
    settings.permitted[3] = Some(Permitted { power_w: 1050, tolerance_percent: 10 });
    assert!(!found(&settings), "permitted");
    settings.permitted[3] = Some(Permitted { power_w: 1050, tolerance_percent: 3 });
    assert!(found(&settings));
    settings.bands[0] = Some(Band { from_w: 1200, to_w: 3000 });
    assert!(!found(&settings), "below the band");
    settings.bands[5] = Some(Band { from_w: 900, to_w: 1100 });
    assert!(found(&settings));
    settings.mode = Mode::Alarm;
    assert!(found(&settings), "an alarm is a verdict too");
    settings.mode = Mode::Off;
    assert!(!found(&settings));
}

const POLICY: Policy = Policy { wait_ms: 500, trips: 3, window_ms: 3_600_000 };

/// Watches for ten seconds; returns the recovery and when verdicts came, in cycles.
fn watched(sources: &[Source], rules: &Settings, night: bool) -> (Recovery, Vec<(f64, Cause)>) {
    let (mut watch, mut recovery, mut verdicts) = (Watch::new(), Recovery::NONE, Vec::new());
    stage::each_cycle(sources, &CLEAN, &mains(), 7, 500.0, |turns, cycle| {
        recovery.tick(20, &POLICY);
        let watched = Watched { rules, night, closed: !recovery.open() };
        if let Some(verdict) = watch.observe(cycle, &watched) {
            verdicts.push((turns, verdict.cause));
            if rules.mode == Mode::Trip {
                recovery.trip(&POLICY);
            }
        }
        !recovery.open()
    });
    (recovery, verdicts)
}

#[test]
fn a_heater_that_stays_trips_until_it_is_locked_out() {
    // What comes back with it: together they look like no resistor.
    let (kettle, other) = (heater(250.0), shifted(750.0, -8.7, 0.005, 0.035));
    let sources = [running(&other), from(&kettle, 0.3)];
    let (mut recovery, verdicts) = watched(&sources, &watching(), false);
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
    assert_eq!((recovery.phase(), recovery.trips()), (Phase::LockedOut, 3));
    assert!(recovery.release());
    assert_eq!(recovery.phase(), Phase::Closed);
}

#[test]
fn power_comes_back_by_itself_once_the_heater_is_gone() {
    let (kettle, other) = (heater(1000.0), shifted(750.0, -8.7, 0.005, 0.035));
    let unplugged = Source { until_cycle: SWITCH_CYCLE + 25.0, ..from(&kettle, 0.3) };
    let (recovery, verdicts) = watched(&[running(&other), unplugged], &watching(), false);
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    assert_eq!(recovery.phase(), Phase::Closed);
}

#[test]
fn an_alarm_leaves_the_relay_closed() {
    let kettle = heater(1000.0);
    let settings = Settings { mode: Mode::Alarm, ..watching() };
    let (recovery, verdicts) = watched(&[from(&kettle, 0.3)], &settings, false);
    assert_eq!((verdicts.len(), recovery.phase()), (1, Phase::Closed));
}

#[test]
fn the_night_cap_counts_only_at_night_and_only_after_its_delay() {
    let other = shifted(750.0, -8.7, 0.005, 0.035);
    let settings = Settings { night_cap_w: 500, night_delay_ms: 4000, mode: Mode::Alarm, ..watching() };
    let (_, verdicts) = watched(&[running(&other)], &settings, true);
    assert_eq!(verdicts.iter().map(|(_, cause)| *cause).collect::<Vec<_>>(), [Cause::NightCap], "told once");
    assert!((190.0..215.0).contains(&verdicts[0].0), "{verdicts:?}");
    assert!(watched(&[running(&other)], &settings, false).1.is_empty());
    assert!(watched(&[running(&other)], &Settings { night_cap_w: 900, ..settings }, true).1.is_empty());
}

/// An induction cooker at a low setting is on for a second and off for one; its bursts lead by more than a
/// resistor may.
#[test]
fn slow_bursts_add_up() {
    let cooker = shifted(1000.0, -8.0, 0.0, 0.01);
    let bursts: Vec<_> = (0..5)
        .map(|burst| {
            let start = f64::from(burst) * 80.0 + 0.4;
            Source { until_cycle: SWITCH_CYCLE + start + 40.0, ..from(&cooker, start) }
        })
        .collect();
    let (_, verdicts) = watched(&bursts, &watching(), false);
    assert_eq!(verdicts.first().map(|(_, cause)| *cause), Some(Cause::Pulsing));
    assert!(verdicts[0].0 > SWITCH_CYCLE + 240.0, "the fourth burst: {verdicts:?}");
    assert!(watched(&bursts[..3], &watching(), false).1.is_empty());
}

/// Two motors, one leading and one lagging, look like a resistor together, as they do when a relay closes.
#[test]
fn what_ran_before_a_trip_is_no_heater_when_it_comes_back() {
    let (leading, lagging) = (shifted(600.0, -20.0, 0.0, 0.02), shifted(600.0, 20.0, 0.0, 0.02));
    let (first, second) = (running(&leading), from(&lagging, -20.0));
    let kettle = heater(1000.0);
    let unplugged = Source { until_cycle: SWITCH_CYCLE + 25.0, ..from(&kettle, 0.3) };
    let (recovery, verdicts) = watched(&[first, second, unplugged], &watching(), false);
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    assert_eq!(recovery.phase(), Phase::Closed);
}
