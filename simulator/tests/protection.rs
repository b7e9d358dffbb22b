//! Protection in virtual meters: real detectors look at made appliances, and relays follow.
#![allow(clippy::unwrap_used)]

use fastrand::Rng;
use meter_core::credit::Totals;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, seal};
use meter_core::events::{Event, EventKind};
use meter_core::protection::vicious::Cause;
use meter_core::registers::{EVENT_BLOCK_LEN, decode_event, event_address};
use meter_core::relay::Reasons;
use meter_core::serial::Serial;
use meter_core::settings::{
    HouseholdBlock, LoopId, MeterBlock, OverCurrentSettings, SiteSettings, ViciousSettings, VoltageSettings,
    Window,
};
use meter_core::units::{UnixSeconds, WattHours};
use simulator::load::{Device, Shape};
use simulator::meter::VirtualMeter;

const KEY: Key = [7; 16];
const NOON_S: u32 = 43_200;
const WATCHED: ViciousSettings =
    ViciousSettings { mode: 2, wait_s: 60, trips: 3, window_min: 60, ..ViciousSettings::FACTORY };

struct House {
    meter: VirtualMeter,
}

impl House {
    fn new() -> Self {
        let serial = Serial::try_from(12).unwrap();
        Self { meter: VirtualMeter::without_loads(serial, KEY, &mut Rng::with_seed(3)) }
    }

    fn with(household: u8, blocks: &[HouseholdBlock]) -> Self {
        let mut house = Self::new();
        for block in blocks {
            house.command(&Command::HouseholdSettings { household, generation: 1, block: *block });
        }
        let totals = Totals { epoch: 1, credited: WattHours(1_000_000), debited: WattHours(0) };
        house.command(&Command::OpenEpoch { household, totals });
        house.seconds(2);
        house
    }

    fn command(&mut self, command: &Command) {
        let mut envelope = [0; MAX_ENVELOPE];
        let length = seal(self.meter.key(), self.meter.meter().serial(), command, &mut envelope);
        self.meter.apply(&envelope[..length]).unwrap();
    }

    fn seconds(&mut self, count: u32) {
        (0..count).for_each(|_| self.meter.advance(1000, NOON_S));
    }

    fn reasons(&self, household: usize) -> Reasons {
        self.meter.meter().households()[household].reasons()
    }

    /// As a master reads them.
    fn events(&mut self, kind: EventKind) -> Vec<Event> {
        let latest = self.meter.meter().latest_event();
        let mut read = |number: u32| {
            let [high, low] = event_address(number).to_be_bytes();
            let reply = self.meter.respond(&[3, high, low, 0, EVENT_BLOCK_LEN as u8]);
            let words: Vec<u16> =
                reply[2..].as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            decode_event(&words).unwrap().event().unwrap()
        };
        (1..=latest).map(&mut read).filter(|event| event.kind == kind).collect()
    }
}

fn device(shape: Shape, power_w: u32) -> Device {
    Device { shape, power_w }
}

fn watched() -> House {
    House::with(0, &[HouseholdBlock::Vicious(LoopId::Main, WATCHED)])
}

#[test]
fn a_kettle_trips_and_the_power_is_back_once_it_is_gone() {
    let mut house = watched();
    let computer = device(Shape::PowerSupply, 120);
    house.meter.plug_devices(0, LoopId::Main, vec![computer]);
    house.seconds(5);
    house.meter.plug_devices(0, LoopId::Main, vec![computer, Device::heater(1800)]);
    house.seconds(2);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD);
    assert!(!house.meter.contact_closed(0));
    house.seconds(61);
    assert_eq!(house.events(EventKind::ViciousTrip).len(), 2, "still plugged: it trips again");
    house.meter.plug_devices(0, LoopId::Main, vec![computer]);
    house.seconds(70);
    assert!(house.meter.contact_closed(0), "by itself");
    house.seconds(600);
    let trips = house.events(EventKind::ViciousTrip);
    assert_eq!(trips.len(), 2);
    let evidence = trips[0].evidence.unwrap();
    assert_eq!((evidence.cause(), evidence.power_w), (Some(Cause::Resistive), 1800));
}

#[test]
fn the_third_trip_locks_out_until_the_office_releases_it() {
    let mut house = watched();
    house.meter.plug(0, 1500);
    house.seconds(200);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD.with(Reasons::LOCKED_OUT));
    house.meter.plug(0, 0);
    house.seconds(7200);
    house.meter.restart().unwrap();
    assert!(!house.meter.press_button(0));
    house.seconds(60);
    assert!(!house.meter.contact_closed(0), "neither time nor an outage nor the button");
    house.command(&Command::Release { household: 0, lockout: 1 });
    house.seconds(2);
    assert!(house.meter.contact_closed(0));
}

#[test]
fn each_appliance_is_known_by_its_current() {
    let cases = [
        (device(Shape::Resistor, 1000), Some(Cause::Resistive)),
        (device(Shape::HalfWave, 600), Some(Cause::HalfWave)),
        (device(Shape::PhaseCut, 800), Some(Cause::PhaseCut)),
        (device(Shape::Induction, 800), Some(Cause::Pulsing)),
        (device(Shape::PowerSupply, 400), None),
        (device(Shape::Led, 200), None),
        (device(Shape::Motor(0.7), 400), None),
        (device(Shape::Lagging(0.95), 900), None),
    ];
    for (appliance, expected) in cases {
        let mut house = watched();
        let beside = device(Shape::PowerSupply, 60);
        house.meter.plug_devices(0, LoopId::Main, vec![beside]);
        house.seconds(3);
        house.meter.plug_devices(0, LoopId::Main, vec![beside, appliance]);
        house.seconds(5);
        let found = house.events(EventKind::ViciousTrip).first().map(|event| event.evidence.unwrap());
        assert_eq!(found.and_then(|evidence| evidence.cause()), expected, "{appliance:?}: {found:?}");
    }
}

#[test]
fn the_second_loop_is_not_watched() {
    let mut house = watched();
    let site = SiteSettings { second_loops: 1, ..SiteSettings::FACTORY };
    house.command(&Command::MeterSettings { generation: 1, block: MeterBlock::Site(site) });
    house.seconds(2);
    house.meter.plug_second(0, 2000);
    house.seconds(10);
    assert!(house.meter.second_contact_closed(0));
    house.meter.plug(0, 2000);
    house.seconds(2);
    assert!(house.meter.second_contact_closed(0) && !house.meter.contact_closed(0));
}

#[test]
fn a_heater_on_three_phases_is_found_too() {
    let mut house = House::with(9, &[HouseholdBlock::Vicious(LoopId::Main, WATCHED)]);
    house.seconds(5);
    house.meter.plug(9, 6000);
    house.seconds(2);
    assert_eq!(house.reasons(9), Reasons::VICIOUS_LOAD);
    let trip = house.events(EventKind::ViciousTrip)[0];
    assert_eq!((trip.data, trip.value), (1 << 8, 2000), "on L1, a third of it");
}

#[test]
fn an_overload_opens_after_its_delay_and_comes_back() {
    let limit = OverCurrentSettings { limit_ca: 1600, delay_ms: 3000, ..OverCurrentSettings::FACTORY };
    let mut house = House::with(0, &[HouseholdBlock::OverCurrent(LoopId::Main, limit)]);
    house.meter.plug(0, 4500);
    house.seconds(2);
    assert!(house.meter.contact_closed(0));
    house.seconds(3);
    assert_eq!(house.reasons(0), Reasons::OVER_CURRENT);
    house.meter.plug(0, 3000);
    house.seconds(62);
    assert!(house.meter.contact_closed(0), "below the limit now");
    let trip = house.events(EventKind::OverCurrentTrip)[0].evidence.unwrap();
    assert!((1850..2050).contains(&trip.current_ca) && trip.after_ms >= 3000, "{trip:?}");
}

#[test]
fn sags_and_lost_phases_open_until_the_grid_is_well() {
    let voltage = VoltageSettings { under_dv: 1850, over_dv: 2600, lost_dv: 600, ..VoltageSettings::FACTORY };
    let mut house = House::with(8, &[HouseholdBlock::Voltage(voltage)]);
    house.meter.plug(8, 3000);
    for (volts, reason, kind) in [
        ([170.0; 3], Reasons::UNDER_VOLTAGE, EventKind::UnderVoltage),
        ([230.0, 275.0, 230.0], Reasons::OVER_VOLTAGE, EventKind::OverVoltage),
        ([230.0, 230.0, 0.0], Reasons::PHASE_LOSS, EventKind::PhaseLost),
    ] {
        house.seconds(20);
        assert!(house.meter.contact_closed(8), "{reason}");
        house.meter.set_voltage(Some(volts));
        house.seconds(3);
        assert_eq!(house.reasons(8), reason);
        assert!(!house.events(kind).is_empty());
        house.meter.set_voltage(None);
    }
    house.seconds(20);
    assert!(house.meter.contact_closed(8));
}

#[test]
fn at_night_the_whole_loop_has_a_cap() {
    let mut vicious = ViciousSettings { night_cap_w: 500, night_delay_s: 10, ..WATCHED };
    vicious.nights[0] = Window { weekdays: 0x7F, start_min: 1380, end_min: 360 };
    let mut house = House::with(0, &[HouseholdBlock::Vicious(LoopId::Main, vicious)]);
    // 22:58 UTC.
    house.command(&Command::Clock { generation: 1, now: UnixSeconds(20_000 * 86_400 + 82_680) });
    house.meter.plug_devices(0, LoopId::Main, vec![device(Shape::Lagging(0.9), 800)]);
    house.seconds(110);
    assert!(house.meter.contact_closed(0), "by day it may");
    house.seconds(25);
    assert_eq!(house.reasons(0), Reasons::VICIOUS_LOAD);
    let evidence = house.events(EventKind::ViciousTrip)[0].evidence.unwrap();
    assert_eq!((evidence.cause(), evidence.power_w), (Some(Cause::NightCap), 800));
}
