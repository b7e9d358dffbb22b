//! The planner against a real meter: from any state it gets to what is wanted, in few steps, whatever is lost or
//! comes twice.

use domain::ids::HouseholdId;
use meter_core::envelope::{MAX_ENVELOPE, seal};
use meter_core::meter::{Inputs, Meter};
use meter_core::serial::Serial;
use meter_core::settings::{CreditSettings, HouseholdBlock};
use meter_core::units::MilliWatts;
use proptest::prelude::*;

use super::*;

const KEY: [u8; 16] = [7; 16];
const HOUSEHOLD: u8 = 9;
/// An epoch, a credit within it and a supply command are at most: open, raise the generation, send.
const MOST_STEPS: usize = 4;
/// A meter without a hoarding limit.
const ANY_CREDIT: u32 = 0;

fn serial() -> Serial {
    Serial::try_from(42).unwrap()
}

fn sealed(command: &Command) -> Vec<u8> {
    let mut out = [0; MAX_ENVELOPE];
    let length = seal(&KEY, serial(), command, &mut out);
    out[..length].to_vec()
}

fn state(meter: &Meter) -> HouseholdState {
    HouseholdState::of(&meter.households()[usize::from(HOUSEHOLD)])
}

fn desired(totals: (i64, i64, i64), supply: (SupplyMode, Option<i64>, i64)) -> Desired {
    Desired {
        household_id: HouseholdId("h".into()),
        epoch: totals.0,
        credited_wh: totals.1,
        debited_wh: totals.2,
        supply_mode: supply.0,
        supply_until_ms: supply.1,
        supply_generation: supply.2,
        acknowledged_reminder: 0,
        released_lockout: 0,
    }
}

fn plain(epoch: i64, credited_wh: i64, debited_wh: i64) -> Desired {
    desired((epoch, credited_wh, debited_wh), (SupplyMode::Auto, None, 0))
}

/// One activation: what the field layer does with a plan. Returns whether there was anything to do.
fn activate(meter: &mut Meter, desired: &mut Desired, deliver: impl Fn(&mut Meter, &[u8])) -> bool {
    match next_step(HOUSEHOLD, desired, &state(meter), ANY_CREDIT).step {
        None => false,
        Some(Step::NeedsGeneration(generation)) => {
            desired.supply_generation = desired.supply_generation.max(i64::from(generation));
            true
        }
        Some(Step::Send(command)) => {
            deliver(meter, &sealed(&command));
            true
        }
    }
}

fn agrees(desired: &Desired, found: &HouseholdState) -> bool {
    let wanted = supply(desired).unwrap();
    (i64::from(found.epoch), i64::from(found.credited_wh), i64::from(found.debited_wh))
        == (desired.epoch, desired.credited_wh, desired.debited_wh)
        && found.supply_mode() == Some(wanted.mode)
        && found.supply_until_s == wanted.until.map_or(0, UnixSeconds::get)
}

#[test]
fn credit_rules() {
    let found = |epoch, credited_wh, debited_wh| HouseholdState {
        epoch,
        credited_wh,
        debited_wh,
        ..Default::default()
    };
    let totals = |epoch, credited, debited| Totals {
        epoch,
        credited: WattHours(credited),
        debited: WattHours(debited),
    };
    let open = |epoch, credited, debited| {
        send(Command::OpenEpoch { household: HOUSEHOLD, totals: totals(epoch, credited, debited) })
    };
    let credit = |credited, debited| {
        send(Command::CreditTotals { household: HOUSEHOLD, totals: totals(3, credited, debited) })
    };
    let ahead = anomaly(Anomaly::MeterAhead);
    let cases = [
        (plain(0, 0, 0), found(0, 0, 0), Plan::default()),
        (plain(0, 0, 0), found(2, 0, 0), ahead),
        (plain(3, 0, 0), found(0, 0, 0), open(3, 0, 0)),
        (plain(3, 500, 20), found(2, 900, 900), open(3, 500, 20)),
        (plain(3, 500, 20), found(3, 500, 20), Plan::default()),
        (plain(3, 500, 20), found(3, 499, 20), credit(500, 20)),
        (plain(3, 500, 20), found(3, 500, 0), credit(500, 20)),
        (plain(3, 500, 20), found(3, 501, 0), ahead),
        (plain(3, 500, 20), found(3, 400, 21), ahead),
        (plain(3, 500, 20), found(4, 0, 0), ahead),
    ];
    for (desired, found, plan) in cases {
        assert_eq!(next_step(HOUSEHOLD, &desired, &found, ANY_CREDIT), plan, "{desired:?} {found:?}");
    }
}

#[test]
fn a_meter_ahead_is_still_switched() {
    let off = desired((1, 0, 0), (SupplyMode::Off, None, 1));
    let plan = next_step(HOUSEHOLD, &off, &HouseholdState { epoch: 2, ..Default::default() }, ANY_CREDIT);
    assert_eq!(plan.anomaly, Some(Anomaly::MeterAhead));
    assert!(matches!(plan.step, Some(Step::Send(Command::Supply { .. }))));
}

#[test]
fn a_used_generation_is_raised_before_anything_is_sent() {
    let off = desired((0, 0, 0), (SupplyMode::Off, None, 5));
    for (generation, step) in [(5, 6), (6, 7), (900, 901)] {
        let found = HouseholdState { supply_generation: generation, ..Default::default() };
        assert_eq!(next_step(HOUSEHOLD, &off, &found, ANY_CREDIT).step, Some(Step::NeedsGeneration(step)));
    }
    let spent = HouseholdState { supply_generation: u32::MAX, ..Default::default() };
    let plan = next_step(HOUSEHOLD, &off, &spent, ANY_CREDIT);
    assert_eq!(plan, anomaly(Anomaly::SupplyOutOfRange));
}

#[test]
fn what_no_command_can_carry_is_an_anomaly() {
    let endless = (SupplyMode::On, None, 1);
    let auto_with_end = (SupplyMode::Auto, Some(5_000), 1);
    let after_2106 = (SupplyMode::Off, Some(i64::MAX), 1);
    for supply in [endless, auto_with_end, after_2106] {
        let plan = next_step(HOUSEHOLD, &desired((0, 0, 0), supply), &HouseholdState::default(), ANY_CREDIT);
        assert_eq!(plan, anomaly(Anomaly::SupplyOutOfRange), "{supply:?}");
    }
}

#[test]
fn the_clock_is_set_when_unknown_or_off() {
    let header =
        |flags, clock_s, clock_generation| Header { flags, clock_s, clock_generation, ..Default::default() };
    let cases = [
        (header(0, 0, 0), 0, Some(1)),
        (header(0, 0, 4), 9, Some(10)),
        (header(1, 1_030, 4), 4, None),
        (header(1, 970, 4), 4, None),
        (header(1, 1_031, 4), 2, Some(5)),
        (header(1, 969, 4), 6, Some(7)),
        (header(0, 0, u32::MAX), 0, None),
    ];
    for (header, stored, generation) in cases {
        assert_eq!(clock_generation(&header, stored, 1_000, 30), generation, "{header:?}");
    }
}

#[test]
fn what_a_meter_has_no_room_for_waits() {
    let found = |credited_wh: u32, used_wh: u32| HouseholdState {
        epoch: 3,
        credited_wh,
        used_wh,
        remaining_wh: i32::try_from(i64::from(credited_wh) - i64::from(used_wh)).unwrap(),
        ..Default::default()
    };
    let sent = |wh| {
        let totals = Totals { epoch: 3, credited: WattHours(wh), debited: WattHours(0) };
        Some(Step::Send(Command::CreditTotals { household: HOUSEHOLD, totals }))
    };
    let held = Some(Anomaly::Hoarding);
    // Sold 2500 Wh into a meter that keeps 1000: nothing while it is more than half full, then what fits, the rest last.
    let cases = [
        (found(1_000, 0), None, held),
        (found(1_000, 499), None, held),
        (found(1_000, 500), sent(1_500), held),
        (found(1_000, 1_000), sent(2_000), held),
        (found(1_000, 1_200), sent(2_200), held),
        (found(1_600, 1_500), sent(2_500), None),
        (found(2_500, 0), None, None),
        (found(2_400, 0), None, held),
    ];
    for (found, step, anomaly) in cases {
        let plan = next_step(HOUSEHOLD, &plain(3, 2_500, 0), &found, 1_000);
        assert_eq!(plan, Plan { step, anomaly }, "{found:?}");
    }
    // What is taken back makes room at once.
    let back = next_step(HOUSEHOLD, &plain(3, 2_500, 900), &found(2_500, 0), 1_000);
    assert!(matches!(back, Plan { step: Some(Step::Send(_)), anomaly: None }), "{back:?}");
}

#[test]
fn an_office_that_waits_for_credit_still_switches() {
    let wish = desired((3, 2_500, 0), (SupplyMode::Off, None, 1));
    let full = HouseholdState { epoch: 3, credited_wh: 1_000, remaining_wh: 1_000, ..Default::default() };
    let plan = next_step(HOUSEHOLD, &wish, &full, 1_000);
    assert!(matches!(plan.step, Some(Step::Send(Command::Supply { .. }))), "{plan:?}");
}

/// A meter that keeps at most so much credit.
fn meter_with_limit(hoarding_wh: u32) -> Meter {
    let mut meter = Meter::new(serial(), KEY);
    let credit = CreditSettings { hoarding_wh, ..CreditSettings::FACTORY };
    let block = HouseholdBlock::Credit(credit);
    meter.apply(&sealed(&Command::HouseholdSettings { household: HOUSEHOLD, generation: 1, block })).unwrap();
    meter
}

/// So much is used of the meter's credit.
fn consume(meter: &mut Meter, watt_hours: u32) {
    let index = usize::from(HOUSEHOLD);
    let mut inputs = Inputs { contacts_closed: 1 << HOUSEHOLD, ..Inputs::default() };
    inputs.measurements[index].power = MilliWatts(3_600_000);
    for _ in 0..watt_hours {
        meter.tick(1_000, &inputs);
    }
}

fn any_supply() -> impl Strategy<Value = (SupplyMode, Option<i64>, i64)> {
    let until = 1_000i64..4_000_000_000_000;
    let content = prop_oneof![
        Just((SupplyMode::Auto, None)),
        Just((SupplyMode::Off, None)),
        until.clone().prop_map(|until| (SupplyMode::Off, Some(until))),
        until.prop_map(|until| (SupplyMode::On, Some(until))),
    ];
    (content, 0i64..8).prop_map(|((mode, until), generation)| (mode, until, generation))
}

fn any_desired() -> impl Strategy<Value = Desired> {
    let totals = prop_oneof![
        Just((0i64, 0i64, 0i64)),
        (1i64..5, 0i64..6, 0i64..4),
        (1i64..=0xFFFF_FFFF, 0i64..=0xFFFF_FFFF, 0i64..=0xFFFF_FFFF),
    ];
    (totals, any_supply()).prop_map(|(totals, supply)| desired(totals, supply))
}

/// What brings a meter to any state that commands can bring it to.
fn any_past() -> impl Strategy<Value = Vec<Desired>> {
    prop::collection::vec(any_desired(), 0..5)
}

fn meter_after(past: Vec<Desired>) -> Meter {
    let mut meter = Meter::new(serial(), KEY);
    for mut desired in past {
        while activate(&mut meter, &mut desired, |meter, envelope| {
            meter.apply(envelope).expect("no planned command is refused");
        }) {}
    }
    meter
}

proptest! {
    #[test]
    fn a_hoarding_meter_is_never_asked_for_more_and_has_it_all_in_the_end(
        limit_wh in 1u32..400,
        sold_wh in 1i64..1_500,
        used_at_a_time_wh in 1u32..200,
    ) {
        let (mut meter, wish) = (meter_with_limit(limit_wh), plain(1, sold_wh, 0));
        let (mut sent, mut looks) = (0, 0);
        while i64::from(state(&meter).credited_wh) < sold_wh {
            looks += 1;
            prop_assert!(looks <= 2 * sold_wh + 2, "it waits for ever: {:?}", state(&meter));
            match next_step(HOUSEHOLD, &wish, &state(&meter), limit_wh).step {
                Some(Step::Send(command)) => {
                    sent += 1;
                    let taken = meter.apply(&sealed(&command));
                    prop_assert!(taken.is_ok_and(|applied| applied.changed), "{:?}", command);
                }
                step => {
                    prop_assert_eq!(step, None);
                    prop_assert!(state(&meter).remaining_wh > 0, "nobody is left in the dark");
                    consume(&mut meter, used_at_a_time_wh);
                }
            }
        }
        let portions = sold_wh / i64::from(limit_wh.div_ceil(2)) + 2;
        prop_assert!(sent <= portions, "{} commands", sent);
    }

    #[test]
    fn any_meter_gets_to_any_wish_in_few_steps(past in any_past(), mut desired in any_desired()) {
        let mut meter = meter_after(past);
        let before = state(&meter);
        let mut steps = 0;
        while activate(&mut meter, &mut desired, |meter, envelope| {
            meter.apply(envelope).expect("no planned command is refused");
        }) {
            steps += 1;
            prop_assert!(steps <= MOST_STEPS, "no end: {:?} {:?}", desired, state(&meter));
        }
        let (found, plan) = (state(&meter), next_step(HOUSEHOLD, &desired, &state(&meter), ANY_CREDIT));
        match plan.anomaly {
            None => prop_assert!(agrees(&desired, &found), "{:?} {:?}", desired, found),
            Some(_) => {
                prop_assert_eq!((found.epoch, found.credited_wh, found.debited_wh),
                    (before.epoch, before.credited_wh, before.debited_wh), "an anomaly changes no credit");
            }
        }
    }

    #[test]
    fn losses_and_repeats_in_any_order_do_no_harm(
        past in any_past(),
        mut desired in any_desired(),
        fates in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..12),
    ) {
        let mut meter = meter_after(past);
        let sent = std::cell::RefCell::new(Vec::<Vec<u8>>::new());
        for (lost, replayed) in fates {
            activate(&mut meter, &mut desired, |meter, envelope| {
                sent.borrow_mut().push(envelope.to_vec());
                if !lost {
                    meter.apply(envelope).expect("no planned command is refused");
                }
            });
            let sent = sent.borrow();
            if !sent.is_empty() {
                let _ = meter.apply(replayed.get::<Vec<u8>>(&sent));
            }
        }
        let mut steps = 0;
        while activate(&mut meter, &mut desired, |meter, envelope| {
            meter.apply(envelope).expect("no planned command is refused");
        }) {
            steps += 1;
            prop_assert!(steps <= MOST_STEPS);
        }
        let plan = next_step(HOUSEHOLD, &desired, &state(&meter), ANY_CREDIT);
        prop_assert!(plan.anomaly.is_some() || agrees(&desired, &state(&meter)));
        // And all of it once more: nothing changes.
        let settled = state(&meter);
        for envelope in sent.borrow().iter() {
            let _ = meter.apply(envelope);
        }
        prop_assert_eq!(state(&meter), settled);
    }
}
