//! A meter with its memory: what is kept when, what a fault does, and the full size of its history.

use super::durable::DurableMeter;
use super::key::{EVENTS, PROFILE_HOURS};
use super::mock::{Action, Flash};
use super::profile::whole_total_wh;
use crate::envelope::Refusal;
use crate::registers::Header;
use crate::relay::SupplyMode;
use crate::testing::{KEY, clock, credit, drawing, durable, open, serial, supply};
use crate::units::UnixSeconds;

const HOUR_S: u32 = 3600;
const DAY_MS: u32 = 86_400_000;

fn again(meter: &DurableMeter<Flash>) -> DurableMeter<Flash> {
    DurableMeter::start(serial(), KEY, meter.memory().clone()).unwrap()
}

fn draw(meter: &mut DurableMeter<Flash>, power_mw: i32, elapsed_ms: u32) {
    let inputs = drawing(meter.meter(), power_mw);
    meter.tick(elapsed_ms, &inputs);
}

#[test]
fn at_most_a_second_of_energy_is_lost_whatever_the_step() {
    for step_ms in [1, 7, 200, 300, 600, 999, 1000] {
        let mut meter = durable();
        let per_ms = 1_000_000_000;
        let mut passed_ms = 0;
        while passed_ms < 5000 {
            draw(&mut meter, per_ms, step_ms);
            passed_ms += step_ms;
            let kept = |meter: &DurableMeter<Flash>| {
                let energy = meter.meter().households()[0].energy();
                u128::from(energy.total().0) * 3_600_000_000 + u128::from(energy.residue())
            };
            let lost_ms = (kept(&meter) - kept(&again(&meter))) / u128::from(per_ms as u32);
            assert!(lost_ms <= 1000, "{lost_ms} ms of {passed_ms} in steps of {step_ms}");
        }
    }
}

#[test]
fn an_idle_meter_writes_nothing() {
    let mut meter = durable();
    let writes = meter.memory().actions.len();
    (0..100).for_each(|_| draw(&mut meter, 0, 1000));
    assert_eq!(meter.memory().actions.len(), writes);
}

#[test]
fn three_days_without_a_server_leave_no_hour_out() {
    let start_s = 499_999 * HOUR_S + 1800;
    let mut meter = durable();
    meter.apply(&clock(1, start_s)).unwrap();
    draw(&mut meter, 1_000_000, 3 * DAY_MS);
    let mut meter = again(&meter);
    let now_wh = meter.meter().households()[4].energy().total().0;
    for hour in 500_000..500_072 {
        let reading = meter.reading((hour % PROFILE_HOURS as u32) as u16).unwrap();
        assert_eq!(reading.at, UnixSeconds(hour * HOUR_S));
        let expected_wh = u64::from(hour - 500_000) * 1000 + 500;
        assert_eq!(whole_total_wh(reading.totals_wh[4], now_wh), expected_wh, "hour {hour}");
    }
    assert_eq!(meter.reading((500_072 % PROFILE_HOURS as u32) as u16), None);
}

#[test]
fn the_full_history_fits_and_the_oldest_gives_way() {
    let mut meter = durable();
    meter.apply(&open(0, 1, 4_000_000)).unwrap();
    let mut generation = 0;
    for day in 0..45 {
        meter.apply(&clock(day + 1, (20_000 + day) * 86_400)).unwrap();
        for _ in 0..6 {
            generation += 1;
            meter.apply(&supply(0, SupplyMode::ForcedOff, 0, generation)).unwrap();
        }
        draw(&mut meter, 1_000_000, DAY_MS);
    }
    let mut meter = again(&meter);
    let end_h = 20_045 * 24;
    for hour in end_h - 959..=end_h {
        let reading = meter.reading((hour % PROFILE_HOURS as u32) as u16).unwrap();
        assert_eq!(reading.at.0, hour * HOUR_S);
    }
    let latest = meter.meter().latest_event();
    for number in latest - EVENTS as u32 + 1..=latest {
        assert_eq!(meter.event((number % EVENTS as u32) as u16).unwrap().number, number);
    }
    assert!(latest > 300);
}

#[test]
fn a_failing_memory_is_told_and_a_repeat_saves_after_all() {
    let mut meter = durable();
    meter.apply(&open(0, 1, 1000)).unwrap();
    meter.memory_mut().broken = true;
    assert_eq!(meter.apply(&credit(0, 1, 2000)), Err(Refusal::NotSaved));
    let header = Header::of(meter.meter());
    assert_eq!((header.last_result, header.flags & Header::MEMORY_FAULT), (11, Header::MEMORY_FAULT));
    assert_eq!(again_unbroken(&meter).meter().households()[0].credit().totals().credited.0, 1000);
    meter.memory_mut().broken = false;
    assert!(!meter.apply(&credit(0, 1, 2000)).unwrap().changed);
    assert_eq!(Header::of(meter.meter()).flags & Header::MEMORY_FAULT, 0);
    assert_eq!(again(&meter).meter().households()[0].credit().totals().credited.0, 2000);
}

fn again_unbroken(meter: &DurableMeter<Flash>) -> DurableMeter<Flash> {
    let mut memory = meter.memory().clone();
    memory.broken = false;
    DurableMeter::start(serial(), KEY, memory).unwrap()
}

#[test]
fn a_confirmed_command_is_one_record_and_its_events() {
    let mut meter = durable();
    let before = meter.memory().actions.len();
    meter.apply(&open(0, 1, 1000)).unwrap();
    let actions = &meter.memory().actions[before..];
    assert!(actions.iter().all(|action| matches!(action, Action::Write { .. })));
    assert_eq!(actions.len(), 4, "household twice, epoch opened, relay closed");
    let before = meter.memory().actions.len();
    meter.apply(&open(0, 1, 1000)).unwrap();
    assert_eq!(meter.memory().actions.len(), before, "a repeat writes nothing");
}

#[test]
fn the_whole_state_leaves_most_of_a_small_controllers_ram() {
    let (meter, whole) = (size_of::<crate::meter::Meter>(), size_of::<DurableMeter<()>>());
    std::println!("meter {meter} bytes, with its journal {whole}");
    assert!(whole < 32 * 1024, "{whole} bytes");
}

#[test]
fn an_hour_over_which_the_clock_is_set_keeps_its_reading() {
    let hour_s = 500_000 * HOUR_S;
    // From and to, s after the hour: exactly at it, forward over it, back over it and once more to it.
    for (from, to) in [(-10, 0), (-10, 25), (20, -15), (-3000, 3000)] {
        let mut meter = durable();
        meter.apply(&clock(1, hour_s.wrapping_add_signed(from - 5))).unwrap();
        draw(&mut meter, 1_000_000_000, 5000);
        meter.apply(&clock(2, hour_s.wrapping_add_signed(to))).unwrap();
        draw(&mut meter, 1_000_000_000, 30_000);
        let reading = again(&meter).reading((500_000 % PROFILE_HOURS as u32) as u16);
        assert_eq!(reading.map(|reading| reading.at), Some(UnixSeconds(hour_s)), "{from} to {to}");
        let total_wh = u64::from(reading.unwrap().totals_wh[4]);
        assert!(total_wh <= meter.meter().households()[4].energy().total().0);
    }
    let mut meter = durable();
    meter.apply(&clock(1, hour_s + 5)).unwrap();
    assert_eq!(meter.reading((500_000 % PROFILE_HOURS as u32) as u16), None, "nobody knows that hour");
}

#[test]
fn a_forced_on_that_has_ended_stays_so_when_the_clock_is_put_back() {
    let mut meter = durable();
    meter.apply(&open(0, 1, 0)).unwrap();
    meter.apply(&clock(1, 10_000)).unwrap();
    meter.apply(&supply(0, SupplyMode::ForcedOn, 10_010, 1)).unwrap();
    assert_eq!(meter.meter().relays() & 1, 1);
    draw(&mut meter, 0, 11_000);
    assert_eq!(meter.meter().relays() & 1, 0, "ended");
    meter.apply(&clock(2, 9000)).unwrap();
    assert_eq!(meter.meter().relays() & 1, 0, "and stays so");
    let mut meter = again(&meter);
    meter.apply(&clock(3, 9000)).unwrap();
    assert_eq!(meter.meter().relays() & 1, 0, "over a power cut, too");
    meter.apply(&supply(0, SupplyMode::ForcedOn, 10_010, 2)).unwrap();
    assert_eq!(meter.meter().relays() & 1, 1, "a new one counts");
}
