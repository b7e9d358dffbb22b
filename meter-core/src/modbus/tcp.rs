//! Modbus TCP: the MBAP header (transaction, protocol 0, length, unit) around a PDU.

use super::MAX_PDU;
use crate::bytes::{Reader, Writer};
use core::fmt;

/// Bytes before the PDU, the unit included.
pub const HEADER_LEN: usize = 7;
/// Longest frame.
pub const MAX_FRAME: usize = HEADER_LEN + MAX_PDU;

/// One request or reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Chosen by the master, repeated by the slave.
    pub transaction: u16,
    /// Unit behind the gateway.
    pub unit: u8,
    /// Function code and data, 1..=253 bytes.
    pub pdu: &'a [u8],
}

impl Frame<'_> {
    /// Bytes of the whole frame on the wire.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        HEADER_LEN + self.pdu.len()
    }
}

/// The stream is not Modbus TCP; nothing after this point can be trusted, so close it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The protocol identifier is not 0.
    Protocol,
    /// The length is not 2..=254.
    Length,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Protocol => "the protocol identifier is not Modbus",
            Self::Length => "the header has an impossible length",
        })
    }
}

impl core::error::Error for HeaderError {}

/// Writes a frame; returns its length, or `None` if the PDU is empty or too long, or `out` too short.
pub fn encode(frame: Frame<'_>, out: &mut [u8]) -> Option<usize> {
    if frame.pdu.is_empty() || frame.pdu.len() > MAX_PDU {
        return None;
    }
    let mut writer = Writer::new(out);
    writer.u16(frame.transaction)?;
    writer.u16(0)?;
    writer.u16(u16::try_from(frame.pdu.len() + 1).ok()?)?;
    writer.u8(frame.unit)?;
    writer.bytes(frame.pdu)?;
    Some(writer.len())
}

/// The frame at the beginning of `bytes`; `None` while it is not whole. Go on after its
/// [`Frame::wire_len`].
///
/// # Errors
/// [`HeaderError`] as soon as the header shows that this is not Modbus TCP.
pub fn decode(bytes: &[u8]) -> Result<Option<Frame<'_>>, HeaderError> {
    let mut reader = Reader::new(bytes);
    let (Some(transaction), Some(protocol)) = (reader.u16(), reader.u16()) else { return Ok(None) };
    if protocol != 0 {
        return Err(HeaderError::Protocol);
    }
    let Some(length) = reader.u16().map(usize::from) else { return Ok(None) };
    if !(2..=MAX_PDU + 1).contains(&length) {
        return Err(HeaderError::Length);
    }
    let Some((unit, pdu)) = reader.take(length).and_then(|body| body.split_first()) else { return Ok(None) };
    Ok(Some(Frame { transaction, unit: *unit, pdu }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    #[test]
    fn pinned_frame() {
        let mut out = [0; MAX_FRAME];
        let frame = Frame { transaction: 0x1501, unit: 0xFF, pdu: &[3, 0, 4, 0, 1] };
        let length = encode(frame, &mut out).unwrap();
        assert_eq!(out[..length], [0x15, 0x01, 0, 0, 0, 6, 0xFF, 3, 0, 4, 0, 1]);
        assert_eq!(decode(&out[..length]), Ok(Some(frame)));
    }

    #[test]
    fn what_is_not_modbus_is_told_at_once() {
        assert_eq!(decode(b"GET / HTTP/1.1"), Err(HeaderError::Protocol));
        assert_eq!(decode(&[0, 1, 0, 0, 0, 1]), Err(HeaderError::Length));
        assert_eq!(decode(&[0, 1, 0, 0, 0, 255]), Err(HeaderError::Length));
        assert_eq!(encode(Frame { transaction: 0, unit: 1, pdu: &[] }, &mut [0; MAX_FRAME]), None);
    }

    proptest! {
        #[test]
        fn round_trip_waits_for_the_last_byte(transaction: u16, unit: u8, pdu in prop::collection::vec(any::<u8>(), 1..=253)) {
            let mut out = [0; MAX_FRAME];
            let frame = Frame { transaction, unit, pdu: &pdu };
            let length = encode(frame, &mut out).unwrap();
            prop_assert_eq!(frame.wire_len(), length);
            prop_assert_eq!(decode(&out), Ok(Some(frame)));
            for cut in 0..length {
                prop_assert_eq!(decode(&out[..cut]), Ok(None));
            }
        }

        #[test]
        fn any_bytes_decode_without_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
