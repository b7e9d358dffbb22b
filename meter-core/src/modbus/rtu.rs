//! RTU frames: unit, PDU, CRC-16; and how long a frame is, from its first bytes.

use super::crc16::crc16;
use super::pdu::{
    ENCAPSULATED, EXCEPTION_BIT, MEI_DEVICE_ID, READ_HOLDING, READ_INPUT, WRITE_REGISTERS, device_id_pdu_len,
};
use super::{MAX_PDU, MAX_RTU_FRAME};
use crate::bytes::Writer;
use core::fmt;

/// Unit byte and CRC around a PDU.
const OVERHEAD: usize = 3;
/// Shortest frame: unit, function, CRC.
pub const MIN_FRAME: usize = 4;

/// Why bytes are not an RTU frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Shorter than 4 or longer than 256 bytes.
    Length,
    /// The CRC does not fit.
    Crc,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "not the length of a frame",
            Self::Crc => "the CRC does not fit",
        })
    }
}

impl core::error::Error for FrameError {}

/// What the first bytes of a frame say about its length, unit and CRC included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameLength {
    /// More bytes are needed to tell.
    NeedMore,
    /// The whole frame has this many bytes, never more than 256.
    Exactly(usize),
    /// Not the beginning of any frame known here; only silence ends it.
    Unknown,
}

/// Writes a frame; returns its length, or `None` if the PDU is empty or too long, or `out` too short.
pub fn encode(unit: u8, pdu: &[u8], out: &mut [u8]) -> Option<usize> {
    if pdu.is_empty() || pdu.len() > MAX_PDU {
        return None;
    }
    let mut writer = Writer::new(out);
    writer.u8(unit)?;
    writer.bytes(pdu)?;
    let crc = crc16(writer.written());
    writer.bytes(&crc.to_le_bytes())?;
    Some(writer.len())
}

/// The unit and PDU of a whole frame.
///
/// # Errors
/// [`FrameError`] if the length is impossible or the CRC wrong.
pub fn decode(frame: &[u8]) -> Result<(u8, &[u8]), FrameError> {
    if !(MIN_FRAME..=MAX_RTU_FRAME).contains(&frame.len()) {
        return Err(FrameError::Length);
    }
    let (content, crc) = frame.split_last_chunk::<2>().ok_or(FrameError::Length)?;
    let (unit, pdu) = content.split_first().ok_or(FrameError::Length)?;
    if crc16(content) == u16::from_le_bytes(*crc) { Ok((*unit, pdu)) } else { Err(FrameError::Crc) }
}

/// Length of the request frame that begins with `bytes`.
#[must_use]
pub fn request_len(bytes: &[u8]) -> FrameLength {
    match bytes.get(1) {
        None => FrameLength::NeedMore,
        Some(0x01..=0x06) => FrameLength::Exactly(8),
        Some(0x07 | 0x0B | 0x0C | 0x11) => FrameLength::Exactly(4),
        Some(0x08) => FrameLength::Exactly(8),
        Some(0x0F) | Some(&WRITE_REGISTERS) => counted(bytes.get(6), 9),
        Some(0x16) => FrameLength::Exactly(10),
        Some(0x17) => counted(bytes.get(10), 13),
        Some(&ENCAPSULATED) => match bytes.get(2) {
            None => FrameLength::NeedMore,
            Some(&MEI_DEVICE_ID) => FrameLength::Exactly(7),
            Some(_) => FrameLength::Unknown,
        },
        Some(_) => FrameLength::Unknown,
    }
}

/// Length of the reply frame that begins with `bytes`: replies of functions 01–06, 15, 16, 23 and
/// 43/14, and exceptions.
#[must_use]
pub fn reply_len(bytes: &[u8]) -> FrameLength {
    match bytes.get(1) {
        None => FrameLength::NeedMore,
        Some(&READ_HOLDING) | Some(&READ_INPUT) | Some(0x01 | 0x02 | 0x17) => counted(bytes.get(2), 5),
        Some(0x05 | 0x06 | 0x0F) | Some(&WRITE_REGISTERS) => FrameLength::Exactly(8),
        Some(&ENCAPSULATED) => identification_len(bytes),
        Some(function) if function & EXCEPTION_BIT != 0 => FrameLength::Exactly(5),
        Some(_) => FrameLength::Unknown,
    }
}

fn counted(byte_count: Option<&u8>, around: usize) -> FrameLength {
    byte_count.map_or(FrameLength::NeedMore, |count| possible(around + usize::from(*count)))
}

fn identification_len(bytes: &[u8]) -> FrameLength {
    match bytes.get(2) {
        None => FrameLength::NeedMore,
        Some(&MEI_DEVICE_ID) => bytes
            .get(1..)
            .and_then(device_id_pdu_len)
            .map_or(FrameLength::NeedMore, |length| possible(length + OVERHEAD)),
        Some(_) => FrameLength::Unknown,
    }
}

fn possible(length: usize) -> FrameLength {
    if length <= MAX_RTU_FRAME { FrameLength::Exactly(length) } else { FrameLength::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    #[test]
    fn pinned_frame() {
        let mut out = [0; 256];
        let length = encode(1, &[3, 0, 0, 0, 0x0A], &mut out).unwrap();
        assert_eq!(out[..length], [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD]);
    }

    #[test]
    fn limits_of_length() {
        assert_eq!(encode(1, &[], &mut [0; 256]), None);
        assert_eq!(encode(1, &[3; 254], &mut [0; 300]), None);
        assert_eq!(encode(1, &[3; 253], &mut [0; 256]), Some(256));
        assert_eq!(encode(1, &[3; 253], &mut [0; 255]), None);
        assert_eq!(decode(&[1, 2, 3]), Err(FrameError::Length));
        assert_eq!(decode(&[0; 257]), Err(FrameError::Length));
    }

    #[test]
    fn lengths_from_the_first_bytes() {
        assert_eq!(request_len(&[1]), FrameLength::NeedMore);
        assert_eq!(request_len(&[1, 3]), FrameLength::Exactly(8));
        assert_eq!(request_len(&[1, 0x10, 0, 0, 0, 1]), FrameLength::NeedMore);
        assert_eq!(request_len(&[1, 0x10, 0, 0, 0, 1, 2]), FrameLength::Exactly(11));
        assert_eq!(request_len(&[1, 0x10, 0, 0, 0, 1, 255]), FrameLength::Unknown);
        assert_eq!(request_len(&[1, 0x2B, 0x0E]), FrameLength::Exactly(7));
        assert_eq!(reply_len(&[1, 3, 240]), FrameLength::Exactly(245));
        assert_eq!(reply_len(&[1, 3, 252]), FrameLength::Unknown);
        assert_eq!(reply_len(&[1, 0x10]), FrameLength::Exactly(8));
        assert_eq!(reply_len(&[1, 0x83]), FrameLength::Exactly(5));
    }

    #[test]
    fn identification_length_is_known_at_the_last_object_header() {
        let frame = [1, 0x2B, 0x0E, 1, 0x82, 0, 0, 2, 0, 2, b'A', b'B', 1, 1];
        assert_eq!(reply_len(&frame), FrameLength::Exactly(17));
        assert_eq!(reply_len(&frame[..13]), FrameLength::NeedMore);
    }

    proptest! {
        #[test]
        fn round_trip_and_any_flipped_bit_is_seen(unit: u8, pdu in prop::collection::vec(any::<u8>(), 1..=253), flip: prop::sample::Index) {
            let mut out = [0; 256];
            let length = encode(unit, &pdu, &mut out).unwrap();
            let frame = &mut out[..length];
            prop_assert_eq!(decode(frame), Ok((unit, &pdu[..])));
            let bit = flip.index(length * 8);
            frame[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(decode(frame), Err(FrameError::Crc));
        }

        #[test]
        fn lengths_of_any_bytes_are_possible(bytes: Vec<u8>) {
            for length in [request_len(&bytes), reply_len(&bytes)] {
                if let FrameLength::Exactly(length) = length {
                    prop_assert!((MIN_FRAME..=MAX_RTU_FRAME).contains(&length));
                }
            }
        }
    }
}
