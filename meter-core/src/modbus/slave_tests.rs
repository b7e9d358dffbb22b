//! The slave, byte for byte: functions, exceptions, silence.

use super::pdu::{DeviceIdReply, Reply, Request, decode_reply};
use super::slave::{respond, serve_rtu};
use super::{MAX_PDU, MAX_RTU_FRAME, rtu};
use crate::meter::Meter;
use crate::testing::{credit, durable, meter, open, serial};
use proptest::prelude::*;
use std::format;
use std::string::String;
use std::vec::Vec;

fn reply(meter: &mut Meter, pdu: &[u8]) -> Vec<u8> {
    let mut out = [0; MAX_PDU];
    let length = respond(meter, pdu, &mut out);
    out[..length].to_vec()
}

fn write(address: u16, bytes: &[u8]) -> Vec<u8> {
    let [high, low] = address.to_be_bytes();
    let count = (bytes.len() / 2) as u8;
    [&[0x10, high, low, 0, count, count * 2][..], bytes].concat()
}

#[test]
fn both_read_functions_show_the_same() {
    let holding = reply(&mut meter(), &[3, 0, 1, 0, 4]);
    assert_eq!(holding[..2], [3, 8]);
    assert_eq!(holding[2..], serial().get().to_be_bytes());
    let input = reply(&mut meter(), &[4, 0, 1, 0, 4]);
    assert_eq!((input[0], &input[1..]), (4, &holding[1..]));
}

#[test]
fn exceptions_table() {
    let cases: [(&[u8], [u8; 2]); 14] = [
        (&[], [0x80, 1]),
        (&[0x01, 0, 0, 0, 1], [0x81, 1]),
        (&[0x06, 8, 0, 0, 1], [0x86, 1]),
        (&[0x2B, 0x0D, 1, 0], [0xAB, 1]),
        (&[0x03, 0, 0, 0, 0], [0x83, 3]),
        (&[0x03, 0, 0, 0, 126], [0x83, 3]),
        (&[0x03, 0, 0, 0], [0x83, 3]),
        (&[0x03, 1, 0x86, 0, 1], [0x83, 2]),
        (&[0x04, 1, 0x85, 0, 2], [0x84, 2]),
        (&[0x03, 8, 0, 0, 1], [0x83, 2]),
        (&[0x10, 8, 0, 0, 1, 3, 0, 0], [0x90, 3]),
        (&[0x10, 8, 1, 0, 1, 2, 0, 0], [0x90, 2]),
        (&[0x10, 0, 0, 0, 1, 2, 0, 0], [0x90, 2]),
        (&[0x2B, 0x0E, 5, 0], [0xAB, 3]),
    ];
    for (pdu, answer) in cases {
        assert_eq!(reply(&mut meter(), pdu), answer, "{pdu:02x?}");
    }
    assert_eq!(reply(&mut meter(), &write(2048, &[0; 98])), [0x90, 2], "beyond the mailbox");
}

#[test]
fn an_envelope_in_the_mailbox_is_echoed_when_taken() {
    let mut meter = meter();
    let envelope = open(0, 1, 500);
    let request = write(2048, &envelope);
    assert_eq!(reply(&mut meter, &request), [0x10, 8, 0, 0, 22]);
    assert_eq!(meter.relays(), 1);
    assert_eq!(reply(&mut meter, &request), [0x10, 8, 0, 0, 22], "a repeat is answered the same way");
}

#[test]
fn a_refused_envelope_is_an_illegal_value_with_its_reason_in_the_header() {
    let mut meter = meter();
    meter.apply(&open(0, 1, 500)).unwrap();
    assert_eq!(reply(&mut meter, &write(2048, &credit(0, 1, 499))), [0x90, 3]);
    assert_eq!(reply(&mut meter, &[3, 0, 21, 0, 3]), [3, 6, 0, 1, 0, 0, 0, 6]);
    let split = &open(0, 2, 9)[..20];
    assert_eq!(reply(&mut meter, &write(2048, split)), [0x90, 3], "part of an envelope");
    let longer = [&open(0, 2, 9)[..], &[0, 0]].concat();
    assert_eq!(reply(&mut meter, &write(2048, &longer)), [0x90, 3], "more than an envelope");
}

fn identify(code: u8, object: u8) -> Vec<(u8, String)> {
    let pdu = reply(&mut meter(), &[0x2B, 0x0E, code, object]);
    let request = Request::ReadDeviceId { code, object };
    let Ok(Reply::DeviceId(DeviceIdReply { objects, conformity: 0x82, next_object: None, .. })) =
        decode_reply(&request, &pdu)
    else {
        panic!("{pdu:02x?}")
    };
    objects.iter().map(|(id, text)| (id, String::from_utf8(text.to_vec()).unwrap())).collect()
}

#[test]
fn identification_by_stream_and_one_by_one() {
    let all = identify(2, 0);
    assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(all[0].1, "Wattwarden");
    assert_eq!(all[1].1, "WM-11");
    assert_eq!(all[3].1, "");
    assert_eq!(all[6].1, format!("{}", serial()));
    assert_eq!(identify(1, 0), all[..3]);
    assert_eq!(identify(1, 2), all[2..3]);
    assert_eq!(identify(1, 200), all[..3], "an unknown object restarts the stream");
    assert_eq!(identify(3, 0), all);
    assert_eq!(identify(4, 6), all[6..]);
    assert_eq!(reply(&mut meter(), &[0x2B, 0x0E, 4, 7]), [0xAB, 2]);
}

fn frame(unit: u8, pdu: &[u8]) -> Vec<u8> {
    let mut out = [0; MAX_RTU_FRAME];
    let length = rtu::encode(unit, pdu, &mut out).unwrap();
    out[..length].to_vec()
}

#[test]
fn silence_for_other_units_damage_and_broadcast() {
    let mut meter = meter();
    let mut out = [0; MAX_RTU_FRAME];
    let command = write(2048, &open(0, 1, 500));
    let mut damaged = frame(7, &command);
    damaged[9] ^= 1;
    for silent in [frame(8, &command), frame(0, &command), damaged, Vec::new()] {
        assert_eq!(serve_rtu(&mut meter, 7, &silent, &mut out), None);
    }
    assert_eq!(serve_rtu(&mut meter, 0, &frame(0, &command), &mut out), None);
    assert_eq!(meter.envelopes().last, None, "no command was taken");
    let length = serve_rtu(&mut meter, 7, &frame(7, &command), &mut out).unwrap();
    assert_eq!(out[..length], frame(7, &[0x10, 8, 0, 0, 22]));
}

proptest! {
    #[test]
    fn every_request_gets_a_reply_of_possible_length(pdu in prop::collection::vec(any::<u8>(), 0..260)) {
        let answer = reply(&mut meter(), &pdu);
        prop_assert!((2..=MAX_PDU).contains(&answer.len()));
        prop_assert_eq!(answer[0] & 0x7F, pdu.first().copied().unwrap_or(0) & 0x7F);
    }

    #[test]
    fn a_meter_with_its_memory_answers_every_read(address: u16, count in 1u16..=125) {
        let mut meter = durable();
        let [high, low] = address.to_be_bytes();
        let mut out = [0; MAX_PDU];
        let length = respond(&mut meter, &[3, high, low, 0, count as u8], &mut out);
        let whole = 2 + 2 * usize::from(count);
        prop_assert!(out[..length] == [0x83, 2] || (length == whole && out[0] == 3), "{:?}", &out[..length]);
    }

    #[test]
    fn a_master_takes_what_the_slave_answers(address in 0u16..390, count in 1u16..=125) {
        let request = Request::ReadInput { address, count };
        let mut pdu = [0; MAX_PDU];
        let length = request.encode(&mut pdu).unwrap();
        let answer = reply(&mut meter(), &pdu[..length]);
        let taken = decode_reply(&request, &answer);
        prop_assert_eq!(taken.is_ok(), address + count <= 390, "{:?}", taken);
        let rtu_frame = frame(1, &answer);
        prop_assert_eq!(rtu::reply_len(&rtu_frame), rtu::FrameLength::Exactly(rtu_frame.len()));
    }
}
