//! After a loss of memory what was recorded sells nothing again; what is fresh does.

use crate::envelope::{Command, Refusal};
use crate::journal::DurableMeter;
use crate::journal::mock::Flash;
use crate::registers::{Header, Trailer};
use crate::relay::SupplyMode;
use crate::testing::{KEY, clock, credit, durable, open, sealed_fresh, serial, supply, totals};
use crate::units::UnixSeconds;

const NONCE: u32 = 0x1234_5678;

/// A meter whose whole memory was wiped.
fn wiped() -> DurableMeter<Flash> {
    let mut meter = DurableMeter::start(serial(), KEY, Flash::new(24, 4096)).unwrap();
    meter.set_nonce(NONCE);
    meter
}

#[test]
fn recorded_frames_sell_nothing_again() {
    let recorded = [
        open(0, 3, 900_000),
        credit(0, 3, 900_000),
        supply(0, SupplyMode::ForcedOn, u32::MAX, 5),
        clock(9, 1_700_000_000),
    ];
    let mut meter = durable();
    for frame in [&recorded[..], &[open(0, 9, 1000)]].concat() {
        meter.apply(&frame).unwrap();
    }
    let mut meter = wiped();
    for frame in &recorded {
        assert_eq!(meter.apply(frame), Err(Refusal::NotFresh));
    }
    assert!(meter.meter().household(0).unwrap().credit().is_vacant());
    assert_eq!(meter.meter().relays(), 0);
    let header = Header::of(meter.meter());
    assert_eq!((header.last_result, header.flags & Header::UNPROVEN), (12, Header::UNPROVEN));
    assert_eq!(Trailer::of(meter.meter()).nonce_for(Some(10)), Some(NONCE));
    assert_eq!(Trailer::of(meter.meter()).nonce_for(None), Some(NONCE));
}

#[test]
fn what_is_fresh_proves_a_household_for_good_and_the_others_stay_in_doubt() {
    let mut meter = wiped();
    let opening = Command::OpenEpoch { household: 2, totals: totals(9, 1000, 0) };
    assert_eq!(meter.apply(&sealed_fresh(&opening, NONCE + 1)), Err(Refusal::BadTag));
    assert!(meter.apply(&sealed_fresh(&opening, NONCE)).unwrap().changed);
    for mut meter in [meter.clone(), DurableMeter::start(serial(), KEY, meter.memory().clone()).unwrap()] {
        assert_eq!(meter.meter().unproven(), 0x87FB);
        assert_eq!(meter.apply(&open(2, 3, 900_000)), Err(Refusal::WrongEpoch), "recorded");
        assert!(meter.apply(&credit(2, 9, 2000)).unwrap().changed, "an ordinary purchase");
        assert_eq!(meter.apply(&open(3, 3, 900_000)), Err(Refusal::NotFresh));
    }
}

#[test]
fn a_fresh_repeat_of_what_the_meter_knows_proves_it_too() {
    let mut meter = durable();
    meter.apply(&open(2, 9, 1000)).unwrap();
    meter.apply(&clock(4, 1_700_000_000)).unwrap();
    meter.meter.doubt_household(2);
    meter.meter.doubt_meter();
    meter.set_nonce(NONCE);
    assert_eq!(meter.apply(&clock(5, 1_700_000_100)), Err(Refusal::NotFresh));
    let totals = Command::CreditTotals { household: 2, totals: totals(9, 1000, 0) };
    let clock = Command::Clock { generation: 5, now: UnixSeconds(1_700_000_100) };
    for command in [totals, clock] {
        assert!(meter.apply(&sealed_fresh(&command, NONCE)).unwrap().changed);
    }
    let again = DurableMeter::start(serial(), KEY, meter.memory().clone()).unwrap();
    assert_eq!([meter.meter().unproven(), again.meter().unproven()], [0, 0]);
}

#[test]
fn without_a_nonce_a_doubted_meter_takes_nothing() {
    let mut meter = DurableMeter::start(serial(), KEY, Flash::new(24, 4096)).unwrap();
    let opening = Command::OpenEpoch { household: 2, totals: totals(9, 1000, 0) };
    assert_eq!(meter.apply(&sealed_fresh(&opening, 0)), Err(Refusal::BadTag));
    assert_eq!(meter.apply(&open(2, 9, 1000)), Err(Refusal::NotFresh));
}
