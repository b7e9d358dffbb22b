//! Envelopes: pinned bytes (tags computed with OpenSSL, not with this code), order of checks, any bytes.

use super::*;
use crate::credit::Totals;
use crate::relay::{Override, SupplyMode};
use crate::settings::{CreditSettings, HouseholdBlock, MeterBlock, SiteSettings};
use crate::units::{UnixSeconds, WattHours};
use proptest::prelude::*;
use std::format;
use std::string::String;
use std::vec::Vec;

const KEY: Key = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn serial() -> Serial {
    Serial::try_from(123_456_789_012).unwrap()
}

fn sealed(command: &Command) -> Vec<u8> {
    let mut out = [0; MAX_ENVELOPE];
    let length = seal(&KEY, serial(), command, &mut out);
    out[..length].to_vec()
}

fn totals(epoch: u32, credited: u32, debited: u32) -> Totals {
    Totals { epoch, credited: WattHours(credited), debited: WattHours(debited) }
}

/// Seals a content that [`seal`] would not make.
fn sealed_raw(kind: u8, household: u8, generation: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = [&[1, kind][..], &serial().get().to_be_bytes()].concat();
    bytes.extend([household, payload.len() as u8]);
    bytes.extend(generation.to_be_bytes());
    bytes.extend(payload);
    let tag = key::tag(&KEY, &[&bytes]);
    bytes.extend(tag);
    bytes
}

#[test]
fn pinned_bytes() {
    let on = Override { mode: SupplyMode::ForcedOn, until: Some(UnixSeconds(1_700_000_000)), generation: 5 };
    let credit = CreditSettings {
        alarm_wh: 1000,
        warning_wh: 2000,
        cut_off_wh: 0,
        overdraft_wh: 500,
        hoarding_wh: 80_000,
        drop_out_s: 30,
    };
    let site = SiteSettings {
        utc_offset_min: 480,
        rest_weekdays: 0x60,
        second_loops: 5,
        rotation_s: 5,
        reverse_counts: 1,
    };
    let acknowledge = Command::Acknowledge { household: 9, reminder: 4 };
    let release = Command::Release { household: 9, lockout: 7 };
    let examples = [
        (
            Command::CreditTotals { household: 2, totals: totals(7, 312_000, 1500) },
            "01010000001cbe991a14020c00000000000000070004c2c0000005dc22d37b85d4b27a177ffe4b380dc4904c",
        ),
        (
            Command::OpenEpoch { household: 10, totals: totals(8, 5000, 0) },
            "01020000001cbe991a140a0c00000000000000080000138800000000e9353cc242d01eaf9aa21a53f77325a9",
        ),
        (
            Command::Supply { household: 0, supply: on },
            "01030000001cbe991a1400060000000502006553f10027df1fe8592726db2dc043ea04b3e95a",
        ),
        (
            Command::Clock { generation: 9, now: UnixSeconds(1_800_000_000) },
            "01040000001cbe991a14ff04000000096b49d20036929500581e995b77516044d28a1c07",
        ),
        (
            Command::HouseholdSettings { household: 3, generation: 6, block: HouseholdBlock::Credit(credit) },
            "01050000001cbe991a140318000000060000000003e8000007d000000000000001f400013880001ed4dfff360ccb086c3c036239af3c2bb1",
        ),
        (acknowledge, "01070000001cbe991a1409000000000484387f8b04bd5ca0abd7c8c271b62a63"),
        (release, "01080000001cbe991a14090000000007fb4fe1094833319eab4b58b9d1daa2e6"),
        (
            Command::MeterSettings { generation: 3, block: MeterBlock::Site(site) },
            "01060000001cbe991a14ff0c00000003000001e000600005000500013690445976f85334dc3e71664179aad2",
        ),
    ];
    for (command, hex) in examples {
        let bytes = sealed(&command);
        assert_eq!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hex);
        assert_eq!(open(&KEY, serial(), 0, &bytes), Ok(Opened { command, fresh: false }));
    }
}

/// A clock setting over nonce 0xC0FFEE42.
const FRESH: &str = "02040000001cbe991a14ff0400000007600000010ce46e8f2a167656447f936f401de7a6";

#[test]
fn a_fresh_envelope_is_pinned_and_opens_under_its_own_nonce_alone() {
    let command = Command::Clock { generation: 7, now: UnixSeconds(0x6000_0001) };
    let mut out = [0; MAX_ENVELOPE];
    let length = seal_fresh(&KEY, serial(), &command, 0xC0FF_EE42, &mut out);
    let bytes = &mut out[..length];
    assert_eq!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), FRESH);
    assert_eq!(open(&KEY, serial(), 0xC0FF_EE42, bytes), Ok(Opened { command, fresh: true }));
    for nonce in [0, 1, 0xC0FF_EE43] {
        assert_eq!(open(&KEY, serial(), nonce, bytes), Err(Refusal::BadTag), "{nonce:x}");
    }
    bytes[0] = VERSION;
    assert_eq!(open(&KEY, serial(), 0xC0FF_EE42, bytes), Err(Refusal::BadTag), "made old");
    let length = seal_fresh(&KEY, serial(), &command, 0, &mut out);
    assert_eq!(open(&KEY, serial(), 0, &out[..length]), Err(Refusal::BadTag), "no nonce is none to trust");
}

#[test]
fn a_meter_key_is_pinned_too() {
    let expected: Key = 0xb034_f5b3_dfeb_82ed_8355_1bc2_06a4_0396_u128.to_be_bytes();
    assert_eq!(derive_meter_key(&KEY, serial()), expected);
}

#[test]
fn checks_come_in_order() {
    let good = sealed(&Command::Clock { generation: 1, now: UnixSeconds(5) });
    let other_meter = Serial::try_from(1).unwrap();
    let mut wrong_tag = good.clone();
    *wrong_tag.last_mut().unwrap() ^= 1;
    let mut wrong_version = wrong_tag.clone();
    wrong_version[0] = 3;
    assert_eq!(open(&KEY, other_meter, 0, &wrong_version), Err(Refusal::Malformed));
    assert_eq!(open(&KEY, other_meter, 0, &wrong_tag), Err(Refusal::WrongMeter));
    assert_eq!(open(&KEY, serial(), 0, &wrong_tag), Err(Refusal::BadTag));
    assert_eq!(open(&[9; 16], serial(), 0, &good), Err(Refusal::BadTag));
    assert_eq!(open(&KEY, serial(), 0, &good[..good.len() - 1]), Err(Refusal::Malformed));
    assert_eq!(open(&KEY, serial(), 0, &[]), Err(Refusal::Malformed));
}

#[test]
fn content_table() {
    let until = [0, 0, 0, 9];
    let supply = |mode: u8, reserved: u8, until: [u8; 4]| [&[mode, reserved][..], &until].concat();
    let cases = [
        (sealed_raw(9, 0, 0, &[]), Refusal::UnknownKind),
        (sealed_raw(0, 0, 0, &[]), Refusal::UnknownKind),
        (sealed_raw(1, 11, 0, &[0; 12]), Refusal::NoSuchHousehold),
        (sealed_raw(1, WHOLE_METER, 0, &[0; 12]), Refusal::NoSuchHousehold),
        (sealed_raw(4, 0, 1, &[0, 0, 0, 1]), Refusal::NoSuchHousehold),
        (sealed_raw(1, 0, 0, &[0; 10]), Refusal::Malformed),
        (sealed_raw(2, 0, 0, &[0; 14]), Refusal::Malformed),
        (sealed_raw(1, 0, 0, &[0; 11]), Refusal::Malformed),
        (sealed_raw(1, 0, 0, &[0; 66]), Refusal::Malformed),
        (sealed_raw(1, 0, 1, &[0; 12]), Refusal::OutOfRange),
        (sealed_raw(2, 0, 1, &[0; 12]), Refusal::OutOfRange),
        (sealed_raw(3, 0, 1, &supply(3, 0, until)), Refusal::OutOfRange),
        (sealed_raw(3, 0, 1, &supply(1, 1, until)), Refusal::OutOfRange),
        (sealed_raw(3, 0, 1, &supply(2, 0, [0; 4])), Refusal::OutOfRange),
        (sealed_raw(3, 0, 1, &supply(0, 0, until)), Refusal::OutOfRange),
        (sealed_raw(3, 0, 0, &supply(1, 0, until)), Refusal::OutOfRange),
        (sealed_raw(4, WHOLE_METER, 1, &[0; 4]), Refusal::OutOfRange),
        (sealed_raw(4, WHOLE_METER, 0, &[0, 0, 0, 1]), Refusal::OutOfRange),
        (sealed_raw(5, 11, 1, &[2, 0, 0, 1, 0, 1]), Refusal::NoSuchHousehold),
        (sealed_raw(5, 0, 0, &[2, 0, 0, 1, 0, 1]), Refusal::OutOfRange),
        (sealed_raw(5, 0, 1, &[2, 1, 0, 1, 0, 1]), Refusal::OutOfRange),
        (sealed_raw(5, 0, 1, &[2, 0, 0, 1, 0, 0]), Refusal::OutOfRange),
        (sealed_raw(5, 0, 1, &[2, 0, 0, 1]), Refusal::Malformed),
        (sealed_raw(5, 0, 1, &[19, 0, 0, 1]), Refusal::OutOfRange),
        (sealed_raw(5, 0, 1, &[]), Refusal::Malformed),
        (sealed_raw(7, WHOLE_METER, 1, &[]), Refusal::NoSuchHousehold),
        (sealed_raw(7, 0, 0, &[]), Refusal::OutOfRange),
        (sealed_raw(7, 0, 1, &[0, 0]), Refusal::Malformed),
        (sealed_raw(8, 11, 1, &[]), Refusal::NoSuchHousehold),
        (sealed_raw(8, 0, 0, &[]), Refusal::OutOfRange),
        (sealed_raw(8, 0, 1, &[0, 0]), Refusal::Malformed),
        (sealed_raw(6, 0, 1, &[0, 0]), Refusal::NoSuchHousehold),
        (sealed_raw(6, WHOLE_METER, 1, &[3, 0]), Refusal::OutOfRange),
    ];
    for (envelope, refusal) in cases {
        assert_eq!(open(&KEY, serial(), 0, &envelope), Err(refusal), "{envelope:02x?}");
    }
}

#[test]
fn refusal_codes_survive_the_round_trip() {
    for (code, refusal) in (1..).zip(Refusal::ALL) {
        assert_eq!(refusal.code(), code);
        assert_eq!(Refusal::from_code(code), Some(refusal));
    }
    assert_eq!(Refusal::from_code(0), None);
    assert_eq!(Refusal::from_code(13), None);
}

proptest! {
    #[test]
    fn any_flipped_bit_is_refused(household in 0u8..11, credited: u32, flip: prop::sample::Index) {
        let mut bytes = sealed(&Command::CreditTotals { household, totals: totals(1, credited, 0) });
        let bit = flip.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open(&KEY, serial(), 0, &bytes).is_err());
    }

    #[test]
    fn any_bytes_open_without_panic(bytes: Vec<u8>, kind in prop_oneof![0u8..9, any::<u8>()], household in prop_oneof![0u8..11, any::<u8>()], generation: u32, payload in prop::collection::vec(any::<u8>(), 0..70)) {
        prop_assert!(open(&KEY, serial(), 0, &bytes).is_err());
        if let Ok(Opened { command, .. }) = open(&KEY, serial(), 0, &sealed_raw(kind, household, generation, &payload)) {
            prop_assert_eq!(sealed(&command), sealed_raw(kind, household, generation, &payload));
        }
    }
}
