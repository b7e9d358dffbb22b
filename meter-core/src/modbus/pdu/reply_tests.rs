//! Replies against requests: what a strict master must and must not take.

use super::*;
use proptest::prelude::*;
use std::vec::Vec;

const READ_TWO: Request<'static> = Request::ReadHolding { address: 7, count: 2 };

#[test]
fn a_read_reply_carries_exactly_the_registers_asked_for() {
    let reply = decode_reply(&READ_TWO, &[3, 4, 0x12, 0x34, 0x56, 0x78]).unwrap();
    let Reply::Registers(registers) = reply else { panic!("{reply:?}") };
    assert_eq!(registers.iter().collect::<Vec<_>>(), [0x1234, 0x5678]);
}

#[test]
fn a_reply_that_does_not_fit_the_request_is_refused() {
    let cases: [(&[u8], ReplyError); 8] = [
        (&[], ReplyError::WrongLength),
        (&[3, 2, 0, 1], ReplyError::WrongLength),
        (&[3, 6, 0, 1, 0, 2, 0, 3], ReplyError::WrongLength),
        (&[3, 2, 0, 1, 0, 2], ReplyError::WrongLength),
        (&[4, 4, 0, 1, 0, 2], ReplyError::WrongFunction),
        (&[0x84, 2], ReplyError::WrongFunction),
        (&[0x83], ReplyError::WrongLength),
        (&[0x83, 2], ReplyError::Exception(Exception::IllegalAddress)),
    ];
    for (pdu, error) in cases {
        assert_eq!(decode_reply(&READ_TWO, pdu), Err(error), "{pdu:02x?}");
    }
}

#[test]
fn a_write_echo_must_name_the_same_registers() {
    let values = RegisterBytes::new(&[0, 1, 0, 2]).unwrap();
    let write = Request::WriteRegisters { address: 2048, values };
    assert_eq!(decode_reply(&write, &[0x10, 8, 0, 0, 2]), Ok(Reply::Written));
    assert_eq!(decode_reply(&write, &[0x10, 8, 1, 0, 2]), Err(ReplyError::WrongEcho));
    assert_eq!(decode_reply(&write, &[0x10, 8, 0, 0, 1]), Err(ReplyError::WrongEcho));
    assert_eq!(decode_reply(&write, &[0x10, 8, 0, 0]), Err(ReplyError::WrongLength));
}

#[test]
fn identification_lists_its_objects() {
    let request = Request::ReadDeviceId { code: 1, object: 0 };
    let pdu = [0x2B, 0x0E, 1, 0x82, 0, 0, 2, 0, 2, b'A', b'B', 1, 1, b'C'];
    let Ok(Reply::DeviceId(reply)) = decode_reply(&request, &pdu) else { panic!("refused") };
    assert_eq!(reply.conformity, 0x82);
    assert_eq!(reply.next_object, None);
    assert_eq!(reply.objects.iter().collect::<Vec<_>>(), [(0, &b"AB"[..]), (1, &b"C"[..])]);
    assert_eq!(decode_reply(&request, &pdu[..13]), Err(ReplyError::WrongLength));
    let other = Request::ReadDeviceId { code: 2, object: 0 };
    assert_eq!(decode_reply(&other, &pdu), Err(ReplyError::WrongEcho));
}

#[test]
fn encoders_pin_their_bytes() {
    let mut out = [0; 16];
    let length = encode_registers(4, [0x0102, 0x0304], &mut out).unwrap();
    assert_eq!(out[..length], [4, 4, 1, 2, 3, 4]);
    let length = encode_exception(0x10, Exception::IllegalValue, &mut out).unwrap();
    assert_eq!(out[..length], [0x90, 3]);
    let length = encode_write_echo(0x0800, 24, &mut out).unwrap();
    assert_eq!(out[..length], [0x10, 8, 0, 0, 24]);
    assert_eq!(encode_registers(3, [0; 126], &mut [0; 253]), None, "more than a PDU holds");
}

proptest! {
    #[test]
    fn checking_any_bytes_never_panics(pdu: Vec<u8>, count: u16, address: u16) {
        for request in [
            Request::ReadHolding { address, count },
            Request::ReadDeviceId { code: 1, object: 0 },
            Request::WriteRegisters { address, values: RegisterBytes::new(&[0, 0]).unwrap() },
        ] {
            let _ = decode_reply(&request, &pdu);
        }
    }
}
