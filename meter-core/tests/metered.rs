//! From samples to the relay: a meter with the metrology in front of it, and appliances behind it.

#[path = "support/appliances.rs"]
mod appliances;
#[path = "support/front_end.rs"]
mod front_end;
#[path = "support/house.rs"]
mod house;
#[path = "support/stage.rs"]
mod stage;

use appliances::{bursts, heater, induction, shifted, starting_motor};
use house::House;
use meter_core::events::EventKind;
use meter_core::protection::vicious::Cause;
use meter_core::relay::Reasons;
use meter_core::settings::{
    HouseholdBlock, LoopId, OverCurrentSettings, PermittedAppliance, PermittedAppliances, ViciousSettings,
    VoltageSettings,
};

const WATCHED: ViciousSettings =
    ViciousSettings { mode: 2, wait_s: 2, trips: 3, window_min: 60, ..ViciousSettings::FACTORY };

fn watched() -> House {
    House::with(&[(0, HouseholdBlock::Vicious(LoopId::Main, WATCHED))])
}

#[test]
fn a_kettle_trips_again_and_again_until_it_is_gone() {
    let mut house = watched();
    house.plug(0, shifted(750.0, -8.7, 0.005, 0.035));
    house.run(1.0);
    assert!(house.closed(0));
    let kettle = house.plug(0, heater(1800.0));
    house.run(0.4);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD);
    let waited_s = house.run_until(|house| house.closed(0), 5.0);
    assert!((1.6..2.0).contains(&waited_s), "it looks again after the wait: {waited_s}");
    let found_s = house.run_until(|house| !house.closed(0), 5.0);
    assert!(found_s < 0.4, "the kettle is still there: {found_s}");
    house.unplug(kettle);
    house.run(4.0);
    assert!(house.closed(0), "the other appliance is none");
    let trips = house.events(EventKind::ViciousTrip);
    assert_eq!(trips.len(), 2);
    for (_, evidence) in trips {
        let evidence = evidence.unwrap();
        assert_eq!(evidence.cause(), Some(Cause::Resistive));
        assert!((1750..1850).contains(&evidence.power_w), "{evidence:?}");
        assert!(evidence.residual < 60 && evidence.current_ca.abs_diff(783) < 20, "{evidence:?}");
    }
}

#[test]
fn a_kettle_that_stays_is_locked_out_and_the_next_room_is_not() {
    let mut house = watched();
    house.run(1.0);
    house.plug(0, heater(1800.0));
    house.plug(1, heater(1800.0));
    house.run(9.0);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD.with(Reasons::LOCKED_OUT));
    assert!(house.closed(1), "not watched");
    house.release(0, 1);
    assert!(house.closed(0));
    house.run(0.6);
    assert!(!house.closed(0), "and found again");
}

#[test]
fn what_is_permitted_runs() {
    let mut permitted = PermittedAppliances::FACTORY;
    permitted.appliances[0] = PermittedAppliance { power_w: 1000, tolerance_percent: 5 };
    let mut house = House::with(&[
        (0, HouseholdBlock::Vicious(LoopId::Main, WATCHED)),
        (0, HouseholdBlock::Permitted(LoopId::Main, permitted)),
    ]);
    house.run(1.0);
    house.plug(0, heater(1000.0));
    house.run(1.0);
    house.plug(0, starting_motor(400.0, 40.0, 6.0, 8.0));
    house.run(1.0);
    assert!(house.closed(0), "{:?}", house.events(EventKind::ViciousTrip));
    house.plug(0, induction(600.0, 0));
    house.run(1.5);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD);
}

#[test]
fn an_overload_opens_by_the_cycle_and_energy_is_counted_by_the_second() {
    let limit = OverCurrentSettings {
        limit_ca: 1000,
        delay_ms: 5000,
        instant_ca: 3000,
        ..OverCurrentSettings::FACTORY
    };
    let mut house = House::with(&[(0, HouseholdBlock::OverCurrent(LoopId::Main, limit))]);
    house.plug(0, heater(2000.0));
    house.run(19.0);
    let used_wh = house.used_wh(0);
    assert!((9.0..=10.6).contains(&used_wh), "{used_wh} Wh of 2 kW in 19 s");
    house.plug(0, heater(6000.0));
    house.run(0.1);
    assert_eq!(house.reasons(0), Reasons::OVER_CURRENT, "34.8 A are not borne at all");
    let trips = house.events(EventKind::OverCurrentTrip);
    let (_, evidence) = trips[0];
    assert!(evidence.unwrap().current_ca > 3000 && evidence.unwrap().after_ms <= 40, "{trips:?}");
}

#[test]
fn a_sag_opens_and_the_supply_comes_back() {
    let voltage =
        VoltageSettings { under_dv: 1800, delay_ms: 300, recovery_s: 1, ..VoltageSettings::FACTORY };
    let mut house =
        House::with(&[(9, HouseholdBlock::Voltage(voltage)), (0, HouseholdBlock::Voltage(voltage))]);
    house.run(1.0);
    assert!(house.closed(9) && house.closed(0));
    house.set_voltage(0.7);
    house.run(0.2);
    assert!(house.closed(0), "too short");
    house.run(0.3);
    assert_eq!((house.reasons(0), house.reasons(9)), (Reasons::UNDER_VOLTAGE, Reasons::UNDER_VOLTAGE));
    house.set_voltage(1.0);
    house.run(1.5);
    assert!(house.closed(9) && house.closed(0));
}

#[test]
fn what_is_sold_is_what_is_registered_bursts_as_well() {
    for (watts, on, of) in
        [(57.0, 6, 150), (57.0, 150, 150), (1500.0, 6, 150), (300.0, 25, 77), (5.0, 40, 50)]
    {
        let mut house = House::with(&[]);
        house.plug(0, bursts(watts, on, of));
        house.run(60.0);
        let (sold_wh, registered_wh) = (house.used_wh(0), house.registered_wh(0));
        // The latest second is not sold yet.
        let second_wh = watts / 3600.0 * 1.1;
        assert!(
            sold_wh <= registered_wh && sold_wh >= registered_wh - second_wh,
            "{watts} W, {on} of {of}: {sold_wh} Wh sold, {registered_wh} registered"
        );
        assert!(
            registered_wh > 0.5 * watts * on as f64 / of as f64 / 60.0,
            "{watts} W, {on} of {of}: {registered_wh}"
        );
    }
    let mut house = House::with(&[]);
    house.plug(0, heater(1.5));
    house.run(20.0);
    assert_eq!(
        (house.used_wh(0), house.power_mw(0)),
        (0.0, 0),
        "a meter does not creep, nor does it show it"
    );
    let mut house = House::with(&[]);
    house.plug_input(0, 0, true, heater(1.5));
    house.run(20.0);
    assert_eq!(house.detail(0).reversed, 0, "noise has no direction");
}

#[test]
fn a_reversed_transformer_is_told_and_takes_nothing_from_the_other_phases() {
    for counts in [false, true] {
        let mut house = House::with(&[]);
        if counts {
            house.count_reverse();
        }
        for (input, reversed) in [(8, false), (9, true), (10, false)] {
            house.plug_input(8, input, reversed, heater(1000.0));
        }
        house.run(2.2);
        assert_eq!(house.detail(8).reversed, 0b010, "shown to whoever has just installed it");
        assert!(house.events(EventKind::ReverseBegan).is_empty());
        house.run(38.0);
        let (used_wh, third_wh) = (house.used_wh(8), 1000.0 * 39.5 / 3600.0);
        let expected_wh = third_wh * if counts { 3.0 } else { 2.0 };
        assert!((used_wh - expected_wh).abs() < 0.03 * expected_wh, "{used_wh} Wh of {expected_wh}");
        assert!((f64::from(house.detail(8).reverse_wh) - third_wh).abs() < 1.5);
        let told = house.events(EventKind::ReverseBegan);
        assert_eq!(told.len(), 1);
        assert!((900..1100).contains(&told[0].0), "of all phases together: {told:?}");
    }
}
