//! Protection from ticks, cycles and verdicts to the relay, and who ends what.

use super::*;
use crate::journal::DurableMeter;
use crate::journal::mock::Flash;
use crate::protection::Flow;
use crate::protection::recovery::Phase;
use crate::protection::vicious::{Cause, Evidence, Verdict};
use crate::relay::{Reasons, SupplyMode};
use crate::settings::{
    HouseholdBlock, LoopId, MeterBlock, OverCurrentSettings, SiteSettings, ViciousSettings, VoltageSettings,
};
use crate::testing::{KEY, clock, durable, meter, meter_settings, open, release, serial, settings, supply};
use crate::units::{MilliAmps, MilliVolts};
use std::vec::Vec;

const LIMIT: OverCurrentSettings = OverCurrentSettings {
    limit_ca: 1600,
    delay_ms: 1000,
    wait_s: 60,
    trips: 3,
    window_min: 60,
    ..OverCurrentSettings::FACTORY
};
const VICIOUS: ViciousSettings =
    ViciousSettings { mode: 2, wait_s: 30, trips: 2, window_min: 60, ..ViciousSettings::FACTORY };
const KETTLE: Verdict = Verdict {
    cause: Cause::Resistive,
    evidence: Evidence { power_w: 1800, current_ma: 7826, residual: 8, harmonics: [0, 20, 9], inrush: 101 },
};

/// Household 2 in use, with these settings.
fn with(blocks: &[HouseholdBlock]) -> Meter {
    let mut meter = meter();
    for block in blocks {
        meter.apply(&settings(2, 1, *block)).unwrap();
    }
    meter.apply(&open(2, 1, 100_000)).unwrap();
    meter
}

fn inputs(milliamps: u32, millivolts: u32) -> Inputs {
    let mut inputs = Inputs::default();
    inputs.measurements[2].current[0] = MilliAmps(milliamps);
    inputs.measurements[2].voltage[0] = MilliVolts(millivolts);
    inputs
}

fn reasons(meter: &Meter) -> Reasons {
    meter.households()[2].reasons()
}

fn told(meter: &Meter) -> Vec<(EventKind, u16, i32)> {
    let mut meter = meter.clone();
    core::iter::from_fn(|| {
        let event = meter.next_event()?;
        meter.clear_event();
        Some((event.kind, event.data, event.value))
    })
    .filter(|(kind, ..)| kind.code() >= EventKind::ViciousAlarm.code())
    .collect()
}

#[test]
fn over_current_opens_waits_closes_and_locks_out() {
    let mut meter = with(&[HouseholdBlock::OverCurrent(LoopId::Main, LIMIT)]);
    for trip in 1..=3u8 {
        meter.tick(900, &inputs(16_100, 230_000));
        assert!(reasons(&meter).is_empty(), "{trip}");
        meter.tick(100, &inputs(16_100, 230_000));
        assert!(reasons(&meter).contains(Reasons::OVER_CURRENT));
        assert_eq!(reasons(&meter).contains(Reasons::LOCKED_OUT), trip == 3);
        meter.tick(59_900, &inputs(0, 230_000));
        assert!(!reasons(&meter).is_empty());
        meter.tick(100, &inputs(0, 230_000));
        assert_eq!(reasons(&meter).is_empty(), trip < 3);
    }
    meter.tick(u32::MAX, &inputs(0, 230_000));
    assert_eq!(reasons(&meter), Reasons::OVER_CURRENT.with(Reasons::LOCKED_OUT));
    let trip = (EventKind::OverCurrentTrip, 0, 16_100);
    assert_eq!(told(&meter), [trip, trip, trip, (EventKind::LockedOut, 0, 1)]);
}

#[test]
fn cycles_are_faster_than_ticks_and_no_time_counts_twice() {
    let limit = OverCurrentSettings { delay_ms: 500, ..LIMIT };
    let mut meter = with(&[HouseholdBlock::OverCurrent(LoopId::Main, limit)]);
    let mut flows = [Flow::default(); HOUSEHOLDS];
    flows[2] = Flow { current: [MilliAmps(20_000), MilliAmps(0)], ..Flow::default() };
    for cycle in 1..=24 {
        meter.cycle(20_000, &flows);
        if cycle % 5 == 0 {
            // The tick's mean is as high, but its time has been seen.
            meter.tick(100, &inputs(20_000, 230_000));
        }
        assert!(meter.households()[2].relay_closed(), "{cycle}");
    }
    meter.cycle(20_000, &flows);
    assert!(!meter.households()[2].relay_closed(), "at once, without a tick");
}

#[test]
fn protection_goes_before_forced_on() {
    let mut meter = with(&[HouseholdBlock::Vicious(LoopId::Main, VICIOUS)]);
    meter.apply(&clock(1, 1000)).unwrap();
    meter.apply(&supply(2, SupplyMode::ForcedOn, 5000, 1)).unwrap();
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!(reasons(&meter), Reasons::VICIOUS_LOAD);
    meter.tick(30_000, &inputs(0, 230_000));
    assert!(reasons(&meter).is_empty());
}

#[test]
fn an_alarm_is_told_once_while_it_lasts_and_opens_nothing() {
    let alarm = ViciousSettings { mode: 1, ..VICIOUS };
    let mut meter = with(&[HouseholdBlock::Vicious(LoopId::Main, alarm)]);
    for _ in 0..100 {
        meter.accuse(2, LoopId::Main, 0, &KETTLE);
        meter.tick(1000, &inputs(7826, 230_000));
    }
    assert!(reasons(&meter).is_empty());
    assert_eq!(told(&meter), [(EventKind::ViciousAlarm, 0, 1800)]);
    meter.tick(60_001, &inputs(0, 230_000));
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!(told(&meter).len(), 2);
}

/// Locked out by two kettles.
fn locked(settings: ViciousSettings) -> Meter {
    let mut meter = with(&[HouseholdBlock::Vicious(LoopId::Main, settings)]);
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!(meter.households()[2].protection().guard(LoopId::Main).vicious().trips(), 1, "open already");
    meter.tick(30_000, &inputs(0, 230_000));
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert!(reasons(&meter).contains(Reasons::LOCKED_OUT));
    meter
}

#[test]
fn a_release_names_the_lock_out_and_ends_no_later_one() {
    let mut meter = locked(VICIOUS);
    assert_eq!(meter.apply(&release(2, 2)), Err(Refusal::OutOfRange));
    assert_eq!(meter.apply(&release(2, 1)), Ok(Applied { changed: true }));
    assert!(reasons(&meter).is_empty());
    assert_eq!(meter.apply(&release(2, 1)), Ok(Applied { changed: false }));
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!(meter.apply(&release(2, 1)), Ok(Applied { changed: false }));
    let guard = *meter.households()[2].protection().guard(LoopId::Main);
    assert_eq!(guard.vicious().trips(), 1, "a replay forgets no trip");
    assert!(matches!(guard.vicious().phase(), Phase::Waiting(_)), "and ends no wait");
    meter.tick(30_000, &inputs(0, 230_000));
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!(meter.apply(&release(2, 1)), Err(Refusal::Stale));
    assert!(reasons(&meter).contains(Reasons::LOCKED_OUT));
    assert!(told(&meter).ends_with(&[(EventKind::LockedOut, 0, 2)]));
}

#[test]
fn the_button_releases_where_the_settings_permit_it() {
    let mut meter = locked(VICIOUS);
    assert!(!meter.acknowledge(2) && !meter.households()[2].relay_closed());
    let mut meter = locked(ViciousSettings { resident_release: 1, ..VICIOUS });
    assert!(meter.acknowledge(2) && meter.households()[2].relay_closed());
    assert!(!meter.acknowledge(2) && !meter.acknowledge(99));
    assert!(told(&meter).ends_with(&[(EventKind::Released, 1, 1)]));
}

#[test]
fn a_lock_out_survives_a_power_cut_and_so_does_its_release() {
    let mut meter = durable();
    meter.apply(&settings(2, 1, HouseholdBlock::Vicious(LoopId::Main, VICIOUS))).unwrap();
    meter.apply(&open(2, 1, 1000)).unwrap();
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    let again =
        |meter: &DurableMeter<Flash>| DurableMeter::start(serial(), KEY, meter.memory().clone()).unwrap();
    assert!(again(&meter).meter().households()[2].relay_closed(), "the outage was a wait");
    meter.tick(30_000, &inputs(0, 230_000));
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    let mut meter = again(&meter);
    assert_eq!(meter.meter().households()[2].reasons(), Reasons::VICIOUS_LOAD.with(Reasons::LOCKED_OUT));
    meter.apply(&release(2, 1)).unwrap();
    assert!(again(&meter).meter().households()[2].relay_closed());
}

#[test]
fn loops_have_protections_of_their_own() {
    let mut meter = with(&[
        HouseholdBlock::Vicious(LoopId::Main, VICIOUS),
        HouseholdBlock::OverCurrent(LoopId::Second, LIMIT),
    ]);
    let site = SiteSettings { second_loops: 1 << 2, ..SiteSettings::FACTORY };
    meter.apply(&meter_settings(1, MeterBlock::Site(site))).unwrap();
    meter.accuse(2, LoopId::Second, 0, &KETTLE);
    assert_eq!((meter.relays(), meter.second_relays()), (1 << 2, 1 << 2), "the second is not watched");
    meter.accuse(2, LoopId::Main, 0, &KETTLE);
    assert_eq!((meter.relays(), meter.second_relays()), (0, 1 << 2));
    let mut inputs = Inputs::default();
    inputs.second_measurements[2].current[0] = MilliAmps(17_000);
    meter.tick(1000, &inputs);
    assert_eq!((meter.relays(), meter.second_relays()), (0, 0));
    meter.tick(30_000, &Inputs::default());
    assert_eq!((meter.relays(), meter.second_relays()), (1 << 2, 0));
}

#[test]
fn voltage_out_of_its_limits_opens_until_it_is_back() {
    let voltage = VoltageSettings {
        under_dv: 1800,
        over_dv: 2600,
        lost_dv: 600,
        delay_ms: 500,
        recovery_s: 10,
        ..VoltageSettings::FACTORY
    };
    let mut meter = with(&[HouseholdBlock::Voltage(voltage)]);
    meter.tick(500, &inputs(0, 170_000));
    assert_eq!(reasons(&meter), Reasons::UNDER_VOLTAGE);
    meter.tick(9900, &inputs(0, 230_000));
    assert!(!reasons(&meter).is_empty());
    meter.tick(100, &inputs(0, 230_000));
    assert!(reasons(&meter).is_empty());
    meter.tick(500, &inputs(0, 270_000));
    assert_eq!(reasons(&meter), Reasons::OVER_VOLTAGE);
    meter.tick(10_000, &inputs(0, 230_000));
    assert_eq!(
        told(&meter),
        [
            (EventKind::UnderVoltage, 1, 170_000),
            (EventKind::VoltageBack, 1, 230_000),
            (EventKind::OverVoltage, 1, 270_000),
            (EventKind::VoltageBack, 1, 230_000),
        ]
    );
}

#[test]
fn a_lost_phase_opens_a_three_phase_household() {
    let voltage = VoltageSettings { under_dv: 1800, lost_dv: 600, ..VoltageSettings::FACTORY };
    let mut meter = meter();
    meter.apply(&settings(10, 1, HouseholdBlock::Voltage(voltage))).unwrap();
    meter.apply(&open(10, 1, 1000)).unwrap();
    let mut inputs = Inputs::default();
    inputs.measurements[10].voltage = [230_000, 230_000, 5000].map(MilliVolts);
    meter.tick(1000, &inputs);
    assert_eq!(meter.households()[10].reasons(), Reasons::PHASE_LOSS);
    assert_eq!(told(&meter), [(EventKind::PhaseLost, 3, 5000)]);
    inputs.measurements[10].voltage[2] = MilliVolts(229_000);
    meter.tick(10_000, &inputs);
    assert!(meter.households()[10].relay_closed());
}
