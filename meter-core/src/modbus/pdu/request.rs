//! Requests: encoded by a master, decoded by a slave.

use super::{
    ENCAPSULATED, Exception, MEI_DEVICE_ID, READ_HOLDING, READ_INPUT, RegisterBytes, WRITE_REGISTERS,
};
use crate::bytes::{Reader, Writer};
use crate::modbus::{MAX_READ_REGISTERS, MAX_WRITE_REGISTERS};

/// A request that meters answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Function 03: `count` holding registers from `address`, 1..=125.
    ReadHolding {
        /// Address as on the wire, from 0.
        address: u16,
        /// How many registers.
        count: u16,
    },
    /// Function 04: `count` input registers from `address`, 1..=125.
    ReadInput {
        /// Address as on the wire, from 0.
        address: u16,
        /// How many registers.
        count: u16,
    },
    /// Function 16: write 1..=123 registers from `address`.
    WriteRegisters {
        /// Address as on the wire, from 0.
        address: u16,
        /// What to write.
        values: RegisterBytes<'a>,
    },
    /// Function 43/14: read device identification.
    ReadDeviceId {
        /// 1 basic, 2 regular, 3 extended stream; 4 one object.
        code: u8,
        /// First object wanted (or the one object).
        object: u8,
    },
}

/// How long the good reply to a request is, as a PDU. An exception is always 2 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyLength {
    /// Exactly this many bytes.
    Exactly(usize),
    /// Only the reply itself tells.
    Variable,
}

impl<'a> Request<'a> {
    /// The function code.
    #[must_use]
    pub const fn function(&self) -> u8 {
        match self {
            Self::ReadHolding { .. } => READ_HOLDING,
            Self::ReadInput { .. } => READ_INPUT,
            Self::WriteRegisters { .. } => WRITE_REGISTERS,
            Self::ReadDeviceId { .. } => ENCAPSULATED,
        }
    }

    /// Length of the reply PDU when the request succeeds.
    #[must_use]
    pub const fn reply_length(&self) -> ReplyLength {
        match self {
            Self::ReadHolding { count, .. } | Self::ReadInput { count, .. } => {
                ReplyLength::Exactly(2 + 2 * *count as usize)
            }
            Self::WriteRegisters { .. } => ReplyLength::Exactly(5),
            Self::ReadDeviceId { .. } => ReplyLength::Variable,
        }
    }

    /// Writes the PDU and returns its length; `None` if `out` is too short or the count not allowed.
    pub fn encode(&self, out: &mut [u8]) -> Option<usize> {
        let mut writer = Writer::new(out);
        writer.u8(self.function())?;
        match self {
            Self::ReadHolding { address, count } | Self::ReadInput { address, count } => {
                valid_count(*count, MAX_READ_REGISTERS)?;
                writer.u16(*address)?;
                writer.u16(*count)?;
            }
            Self::WriteRegisters { address, values } => {
                let count = valid_count(u16::try_from(values.len()).ok()?, MAX_WRITE_REGISTERS)?;
                writer.u16(*address)?;
                writer.u16(count)?;
                writer.u8(u8::try_from(values.as_bytes().len()).ok()?)?;
                writer.bytes(values.as_bytes())?;
            }
            Self::ReadDeviceId { code, object } => writer.bytes(&[MEI_DEVICE_ID, *code, *object])?,
        }
        Some(writer.len())
    }

    /// Reads a PDU as a slave does.
    ///
    /// # Errors
    /// [`Exception::IllegalFunction`] for a function (or MEI type) that is not here,
    /// [`Exception::IllegalValue`] for a wrong length, count or byte count.
    pub fn decode(pdu: &'a [u8]) -> Result<Self, Exception> {
        let (function, data) = pdu.split_first().ok_or(Exception::IllegalFunction)?;
        match *function {
            READ_HOLDING => decode_read(data).map(|(address, count)| Self::ReadHolding { address, count }),
            READ_INPUT => decode_read(data).map(|(address, count)| Self::ReadInput { address, count }),
            WRITE_REGISTERS => decode_write(data).ok_or(Exception::IllegalValue),
            ENCAPSULATED => decode_encapsulated(data),
            _ => Err(Exception::IllegalFunction),
        }
    }
}

fn valid_count(count: u16, most: u16) -> Option<u16> {
    (1..=most).contains(&count).then_some(count)
}

fn decode_read(data: &[u8]) -> Result<(u16, u16), Exception> {
    let fields: [u8; 4] = data.try_into().map_err(|_| Exception::IllegalValue)?;
    let [a, b, c, d] = fields;
    let count = valid_count(u16::from_be_bytes([c, d]), MAX_READ_REGISTERS);
    Ok((u16::from_be_bytes([a, b]), count.ok_or(Exception::IllegalValue)?))
}

fn decode_write(data: &[u8]) -> Option<Request<'_>> {
    let mut reader = Reader::new(data);
    let address = reader.u16()?;
    let count = valid_count(reader.u16()?, MAX_WRITE_REGISTERS)?;
    let byte_count = usize::from(reader.u8()?);
    let values = RegisterBytes::new(reader.rest())?;
    let consistent = values.len() == usize::from(count) && values.as_bytes().len() == byte_count;
    consistent.then_some(Request::WriteRegisters { address, values })
}

fn decode_encapsulated(data: &[u8]) -> Result<Request<'_>, Exception> {
    match *data {
        [MEI_DEVICE_ID, code, object] => Ok(Request::ReadDeviceId { code, object }),
        [MEI_DEVICE_ID, ..] => Err(Exception::IllegalValue),
        _ => Err(Exception::IllegalFunction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn encoded(request: &Request<'_>) -> Vec<u8> {
        let mut out = [0; 253];
        let length = request.encode(&mut out).unwrap();
        out[..length].to_vec()
    }

    #[test]
    fn pinned_bytes() {
        let read = Request::ReadHolding { address: 0x006B, count: 3 };
        assert_eq!(encoded(&read), [0x03, 0x00, 0x6B, 0x00, 0x03]);
        let read = Request::ReadInput { address: 8, count: 1 };
        assert_eq!(encoded(&read), [0x04, 0x00, 0x08, 0x00, 0x01]);
        let values = RegisterBytes::new(&[0x00, 0x0A, 0x01, 0x02]).unwrap();
        let write = Request::WriteRegisters { address: 1, values };
        assert_eq!(encoded(&write), [0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02]);
        let identify = Request::ReadDeviceId { code: 1, object: 0 };
        assert_eq!(encoded(&identify), [0x2B, 0x0E, 0x01, 0x00]);
    }

    #[test]
    fn counts_outside_the_specification_are_refused_both_ways() {
        for count in [0, 126, u16::MAX] {
            let request = Request::ReadHolding { address: 0, count };
            assert_eq!(request.encode(&mut [0; 253]), None);
            let [high, low] = count.to_be_bytes();
            assert_eq!(Request::decode(&[3, 0, 0, high, low]), Err(Exception::IllegalValue));
        }
    }

    #[test]
    fn inconsistent_writes_are_illegal_values() {
        let byte_count_too_small = [0x10, 0, 1, 0, 2, 2, 0, 10, 1, 2];
        let data_too_short = [0x10, 0, 1, 0, 2, 4, 0, 10];
        let odd = [0x10, 0, 1, 0, 1, 3, 0, 10, 1];
        let none = [0x10, 0, 1, 0, 0, 0];
        for pdu in [&byte_count_too_small[..], &data_too_short, &odd, &none] {
            assert_eq!(Request::decode(pdu), Err(Exception::IllegalValue), "{pdu:02x?}");
        }
    }

    #[test]
    fn other_functions_are_illegal() {
        for pdu in [&[][..], &[0x01, 0, 0, 0, 1], &[0x06, 0, 0, 0, 1], &[0x2B, 0x0D, 0, 0], &[0x83, 2]] {
            assert_eq!(Request::decode(pdu), Err(Exception::IllegalFunction));
        }
    }

    proptest! {
        #[test]
        fn decoding_any_bytes_never_panics_and_accepts_only_what_encodes_back(pdu: Vec<u8>) {
            if let Ok(request) = Request::decode(&pdu) {
                prop_assert_eq!(encoded(&request), pdu);
            }
        }

        #[test]
        fn requests_survive_the_round_trip(address: u16, count in 1u16..=125, bytes in prop::collection::vec(any::<u8>(), 1..=123)) {
            let doubled = [&bytes[..], &bytes[..]].concat();
            let values = RegisterBytes::new(&doubled).unwrap();
            for request in [
                Request::ReadHolding { address, count },
                Request::ReadInput { address, count },
                Request::WriteRegisters { address, values },
            ] {
                let pdu = encoded(&request);
                prop_assert_eq!(Request::decode(&pdu), Ok(request));
            }
        }
    }
}
