//! Virtual meters and the campus: consumption, contacts, power cuts, and that a seed repeats.
#![allow(clippy::unwrap_used)]

use fastrand::Rng;
use meter_core::credit::Totals;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, derive_meter_key, seal};
use meter_core::registers::{HouseholdState, decode_page, reading_address};
use meter_core::serial::Serial;
use meter_core::settings::{
    CreditSettings, DayTable, DayType, HouseholdBlock, LoopId, MeterBlock, Rule, SiteSettings,
};
use meter_core::units::{UnixSeconds, WattHours};
use simulator::campus::{Campus, CampusSpec};
use simulator::meter::VirtualMeter;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

const KEY: Key = [7; 16];
const NOON_S: u32 = 43_200;
const SPEC: CampusSpec = CampusSpec { collectors: 2, meters_per_collector: 3, master_key: KEY };

fn meter() -> VirtualMeter {
    let serial = Serial::try_from(12).unwrap();
    VirtualMeter::without_loads(serial, KEY, &mut Rng::with_seed(3))
}

fn apply(meter: &mut VirtualMeter, command: &Command) {
    let mut envelope = [0; MAX_ENVELOPE];
    let length = seal(meter.key(), meter.meter().serial(), command, &mut envelope);
    meter.apply(&envelope[..length]).unwrap();
}

fn open(meter: &mut VirtualMeter, household: u8, credited: u32) {
    let totals = Totals { epoch: 1, credited: WattHours(credited), debited: WattHours(0) };
    apply(meter, &Command::OpenEpoch { household, totals });
}

fn seconds(meter: &mut VirtualMeter, count: u32) {
    for _ in 0..count {
        meter.advance(1000, NOON_S);
    }
}

#[test]
fn contacts_follow_the_command_after_fifty_milliseconds() {
    let mut meter = meter();
    open(&mut meter, 0, 1000);
    assert!(meter.relay_closed(0) && !meter.contact_closed(0));
    meter.advance(49, NOON_S);
    assert!(!meter.contact_closed(0));
    meter.advance(1, NOON_S);
    assert!(meter.contact_closed(0));
    let state = HouseholdState::of(&meter.meter().households()[0]);
    assert!(state.contact_closed() && !state.relay_fault());
}

#[test]
fn a_heater_uses_its_power_and_is_cut_off_within_a_step() {
    let mut meter = meter();
    open(&mut meter, 8, 500);
    meter.plug(8, 3600);
    meter.advance(50, NOON_S);
    seconds(&mut meter, 400);
    assert_eq!(meter.remaining_wh(8), Some(100));
    seconds(&mut meter, 200);
    assert!(!meter.relay_closed(8) && !meter.contact_closed(8));
    let overdrawn = -meter.remaining_wh(8).unwrap();
    assert!((0..=2).contains(&overdrawn), "3600 W use 1 Wh a second, and the contact is slow: {overdrawn}");
}

#[test]
fn a_closed_relay_of_nobody_draws_nothing() {
    let mut meter = meter();
    meter.plug(0, 5000);
    seconds(&mut meter, 60);
    assert_eq!(meter.meter().households()[0].energy().total().0, 0);
}

#[test]
fn a_power_cut_keeps_the_credit_and_forgets_the_time() {
    let mut meter = meter();
    apply(&mut meter, &Command::Clock { generation: 1, now: UnixSeconds(1000) });
    open(&mut meter, 0, 1000);
    meter.plug(0, 3600);
    meter.advance(50, NOON_S);
    seconds(&mut meter, 250);
    let before = meter.remaining_wh(0);
    assert_eq!(before, Some(750));
    meter.restart().unwrap();
    assert_eq!(meter.remaining_wh(0), before);
    assert_eq!((meter.meter().boot_count(), meter.meter().clock().now()), (2, None));
    seconds(&mut meter, 10);
    assert_eq!(meter.remaining_wh(0), Some(740), "and it goes on supplying");
}

#[test]
fn a_reminder_drops_the_supply_out_until_somebody_presses_the_button() {
    let mut meter = meter();
    let levels = CreditSettings { alarm_wh: 900, drop_out_s: 0, ..CreditSettings::FACTORY };
    let block = HouseholdBlock::Credit(levels);
    apply(&mut meter, &Command::HouseholdSettings { household: 0, generation: 1, block });
    open(&mut meter, 0, 1000);
    meter.plug(0, 3600);
    seconds(&mut meter, 200);
    assert!(!meter.contact_closed(0), "off at 900 Wh");
    assert!((898..=900).contains(&meter.remaining_wh(0).unwrap()));
    meter.restart().unwrap();
    seconds(&mut meter, 10);
    assert!(!meter.contact_closed(0), "an outage does not acknowledge");
    assert!(meter.press_button(0));
    seconds(&mut meter, 2);
    assert!(meter.contact_closed(0));
}

#[test]
fn the_display_shows_what_the_registers_show() {
    let mut meter = meter();
    open(&mut meter, 3, 12_345);
    let over_the_bus = |meter: &mut VirtualMeter| {
        let reply = meter.respond(&[4, 0xB0, 0, 0, 40]);
        let words: Vec<u16> = reply[2..].as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        decode_page(&words).unwrap()
    };
    seconds(&mut meter, 5);
    assert_eq!(meter.display().line(0), "Household 04   --:--");
    assert_eq!(meter.display().line(1), "Left        12.34kWh");
    assert_eq!(over_the_bus(&mut meter), meter.display());
    meter.press_button(3);
    assert_eq!(meter.display().line(0), "Household 04  credit");
    assert_eq!(over_the_bus(&mut meter), meter.display());
}

#[test]
fn a_broken_memory_is_seen_from_the_bus() {
    let mut meter = meter();
    open(&mut meter, 0, 1000);
    meter.set_memory_broken(true);
    meter.plug(0, 3600);
    seconds(&mut meter, 10);
    let status = |meter: &mut VirtualMeter| meter.respond(&[3, 0, 7, 0, 1]);
    assert_eq!(status(&mut meter), [3, 2, 0, 2]);
    meter.set_memory_broken(false);
    seconds(&mut meter, 1);
    assert_eq!(status(&mut meter), [3, 2, 0, 0]);
    meter.restart().unwrap();
    assert!((985..=990).contains(&meter.remaining_wh(0).unwrap()));
}

#[test]
fn a_power_cut_keeps_settings_and_history() {
    let campus = Campus::build(4, &SPEC);
    let serial = campus.meters()[0].2;
    campus.lines()[0].with_meter(1, |meter| {
        assert_eq!(meter.meter().serial(), serial);
        apply(meter, &Command::Clock { generation: 1, now: UnixSeconds(1_793_458_800) });
        open(meter, 0, 100_000);
    });
    // Three days of which the server sees nothing, in the steps of a campus that is behind.
    (0..72).for_each(|_| campus.advance_all(3_600_000, NOON_S));
    campus.lines()[0].with_meter(1, |meter| {
        meter.restart().unwrap();
        for hour in 1..=72 {
            let at_s = 1_793_458_800 + hour * 3600;
            let address = reading_address(at_s).to_be_bytes();
            let reply = meter.respond(&[3, address[0], address[1], 0, 24]);
            assert_eq!(reply[2..6], at_s.to_be_bytes(), "hour {hour}");
        }
    });
}

#[test]
fn a_second_loop_is_switched_by_its_own_schedule() {
    let mut meter = meter();
    let site = SiteSettings { second_loops: 1, ..SiteSettings::FACTORY };
    let table = DayTable::new(&[(720, Rule::Capped(500))]).unwrap();
    apply(&mut meter, &Command::MeterSettings { generation: 1, block: MeterBlock::Site(site) });
    let block = HouseholdBlock::Table(LoopId::Second, DayType::Working, table);
    apply(&mut meter, &Command::HouseholdSettings { household: 0, generation: 1, block });
    // A Monday, noon less one minute.
    let now = UnixSeconds(20_003 * 86_400 + 43_200 - 60);
    apply(&mut meter, &Command::Clock { generation: 1, now });
    open(&mut meter, 0, 100_000);
    meter.plug(0, 2000);
    meter.plug_second(0, 2000);
    seconds(&mut meter, 50);
    assert!(meter.contact_closed(0) && meter.second_contact_closed(0));
    seconds(&mut meter, 30);
    assert!(meter.contact_closed(0) && !meter.second_contact_closed(0), "2000 W are above the cap");
    assert_eq!(meter.meter().households()[0].power().0, 2_000_000);
    meter.plug_second(0, 400);
    seconds(&mut meter, 1200);
    assert!(meter.second_contact_closed(0), "tried again after 20 minutes");
}

#[test]
fn a_seed_repeats_the_whole_campus() {
    let run = |seed| {
        let campus = Campus::build(seed, &SPEC);
        for bus in campus.lines() {
            bus.with_meter(1, |meter| open(meter, 0, 100_000));
        }
        campus.advance_all(3_600_000, 72_000);
        let used = |bus: &simulator::bus::Bus| bus.with_meter(1, |meter| meter.remaining_wh(0)).unwrap();
        (campus.meters(), campus.lines().iter().map(used).collect::<Vec<_>>())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    let (_, remaining) = run(1);
    assert!(remaining.iter().all(|left| left.unwrap() < 100_000), "an evening hour uses energy");
}

#[test]
fn a_campus_has_the_units_and_keys_that_its_spec_says() {
    let campus = Campus::build(1, &SPEC);
    let meters = campus.meters();
    assert_eq!(
        meters.iter().map(|(line, unit, _)| (*line, *unit)).collect::<Vec<_>>(),
        [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]
    );
    let serials: BTreeSet<Serial> = meters.iter().map(|(_, _, serial)| *serial).collect();
    assert_eq!(serials.len(), 6);
    for (line, unit, serial) in meters {
        let key = campus.lines()[line].with_meter(unit, |meter| *meter.key()).unwrap();
        assert_eq!(key, derive_meter_key(&KEY, serial));
    }
}

#[tokio::test]
async fn a_running_campus_follows_the_callers_clock() {
    let campus = Campus::build(1, &SPEC);
    let uptime = || campus.lines()[1].with_meter(3, |meter| meter.meter().uptime_s()).unwrap();
    // A clock at sixty times real speed that once jumps back.
    let readings = Cell::new(0);
    let clock = || {
        let reading = readings.get();
        readings.set(reading + 1);
        let now_ms = [0, 12_000, 24_000, 20_000, 32_000][reading.min(4)];
        (now_ms, NOON_S)
    };
    let until_seen = async {
        while readings.get() < 6 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = campus.run(clock, Duration::from_millis(1)) => {}
        () = until_seen => {}
    }
    assert_eq!(uptime(), 36, "12 s, 12 s, none, and 12 s since the jump");
}
