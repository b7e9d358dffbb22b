//! What of protection can be read: reasons, flags, details, and events with their evidence.

use super::*;
use crate::envelope::Key;
use crate::events::EventKind;
use crate::evidence::Evidence;
use crate::journal::DurableMeter;
use crate::journal::mock::Flash;
use crate::meter::Inputs;
use crate::protection::Flow;
use crate::protection::vicious::{self, Cause, Verdict};
use crate::relay::Reasons;
use crate::settings::{HouseholdBlock, LoopId, OverCurrentSettings, ViciousSettings, VoltageSettings};
use crate::testing::{clock, durable, open, settings};
use crate::units::{MilliAmps, MilliVolts};
use std::vec::Vec;

fn words(meter: &mut DurableMeter<Flash>, address: u16, count: u16) -> Vec<u16> {
    let mut words = Vec::new();
    read_durable(meter, address, count, &mut |word| words.push(word)).unwrap();
    words
}

/// Household 9 (three-phase) with every protection on, locked out by its first over-current.
fn protected() -> DurableMeter<Flash> {
    let mut meter = durable();
    let over_current = OverCurrentSettings {
        limit_ca: 2000,
        delay_ms: 100,
        trips: 1,
        resident_release: 1,
        ..OverCurrentSettings::FACTORY
    };
    let vicious = ViciousSettings { mode: 2, wait_s: 90, ..ViciousSettings::FACTORY };
    let voltage = VoltageSettings { under_dv: 1800, lost_dv: 600, ..VoltageSettings::FACTORY };
    let blocks = [
        HouseholdBlock::OverCurrent(LoopId::Main, over_current),
        HouseholdBlock::Vicious(LoopId::Main, vicious),
        HouseholdBlock::Voltage(voltage),
    ];
    for block in blocks {
        meter.apply(&settings(9, 1, block)).unwrap();
    }
    meter.apply(&clock(1, 0x6000_0000)).unwrap();
    meter.apply(&open(9, 1, 1000)).unwrap();
    meter
}

fn verdict() -> Verdict {
    let evidence = vicious::Evidence {
        power_w: 1500,
        current_ma: 6520,
        residual: 21,
        harmonics: [1, 22, 3],
        inrush: 104,
    };
    Verdict { cause: Cause::Resistive, evidence }
}

#[test]
fn pinned_protection() {
    let mut meter = protected();
    meter.accuse(9, LoopId::Main, 2, &verdict());
    let live = decode_household(&words(&mut meter, 300, 30)).unwrap();
    assert_eq!(live.reasons(), Reasons::VICIOUS_LOAD);
    assert_eq!(live.flags, HouseholdState::THREE_PHASE | HouseholdState::PROTECTION_OPEN);
    let mut flows = [Flow::default(); HOUSEHOLDS];
    flows[9].voltage = [230_000, 20_000, 231_000].map(MilliVolts);
    flows[9].current[0] = MilliAmps(25_500);
    for _ in 0..26 {
        meter.cycle(20_000, &flows);
    }
    let live = words(&mut meter, 300, 30);
    // Bits: 6 over-current, 7 vicious load, 10 phase loss, 11 locked out; three-phase, locked out, kept open.
    assert_eq!(live[..2], [0b1_1000_0000_1000, 0b1100_1100_0000]);
    meter.tick(520, &Inputs::default());
    let detail = words(&mut meter, 0x0900 + 9 * 32, 32);
    assert_eq!(detail[16..], [0, 1, 0, 1, 90, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    let decoded = decode_detail(&detail).unwrap();
    assert_eq!((decoded.lockouts, decoded.vicious), (1, GuardState { left_s: 90, trips: 1 }));
}

#[test]
fn pinned_evidence() {
    let mut meter = protected();
    let before = meter.meter().latest_event();
    meter.accuse(9, LoopId::Main, 2, &verdict());
    let event = words(&mut meter, event_address(before + 1), 20);
    assert_eq!(event[2..10], [0x6000, 0, 17, 9, 0x0200, 0, 0, 1500]);
    assert_eq!(event[10..], [1, 1500, 652, 21, 1, 22, 3, 104, 0, 0]);
    let event = decode_event(&event).unwrap().event().unwrap();
    assert_eq!(event.kind, EventKind::ViciousTrip);
    assert_eq!(event.evidence, Some(Evidence::of_verdict(&verdict())));
    let opened = decode_event(&words(&mut meter, event_address(before + 2), 20)).unwrap().event().unwrap();
    assert_eq!((opened.kind, opened.reasons()), (EventKind::RelayOpened, Some(Reasons::VICIOUS_LOAD)));
    assert_eq!(opened.evidence, None);
    let again = DurableMeter::start(meter.meter().serial(), KEY, meter.memory().clone());
    let kept = again.unwrap().event(((before + 1) % 200) as u16);
    assert_eq!(kept, Some(event), "evidence survives a power cut");
}

const KEY: Key = crate::testing::KEY;
