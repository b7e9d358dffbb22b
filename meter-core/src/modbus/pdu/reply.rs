//! Replies: encoded by a slave, checked against the request by a master.

use super::device_id::{self, DeviceIdReply};
use super::{EXCEPTION_BIT, Exception, RegisterBytes, ReplyLength, Request};
use crate::bytes::{Reader, Writer};
use core::fmt;

/// A reply that answers its request in every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'a> {
    /// As many registers as were asked for.
    Registers(RegisterBytes<'a>),
    /// The write was echoed with the same address and count.
    Written,
    /// Device identification.
    DeviceId(DeviceIdReply<'a>),
}

/// Why a reply cannot be taken as the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyError {
    /// The slave or gateway refused.
    Exception(Exception),
    /// The function code is not the request's.
    WrongFunction,
    /// Not the length that the request calls for (fewer or more registers, cut short).
    WrongLength,
    /// A write echo with another address or count, or an identification of another kind.
    WrongEcho,
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exception(exception) => write!(f, "{exception}"),
            Self::WrongFunction => f.write_str("the reply has another function code"),
            Self::WrongLength => f.write_str("the reply has a wrong length"),
            Self::WrongEcho => f.write_str("the reply echoes another request"),
        }
    }
}

impl core::error::Error for ReplyError {}

/// Checks a reply PDU against its request: function, length, byte count, echo.
///
/// # Errors
/// [`ReplyError`] says what did not fit; only [`ReplyError::Exception`] is an answer to this request.
pub fn decode_reply<'a>(request: &Request<'_>, pdu: &'a [u8]) -> Result<Reply<'a>, ReplyError> {
    let (function, data) = pdu.split_first().ok_or(ReplyError::WrongLength)?;
    if *function == request.function() | EXCEPTION_BIT {
        return Err(match *data {
            [code] => ReplyError::Exception(Exception::from_code(code)),
            _ => ReplyError::WrongLength,
        });
    }
    if *function != request.function() {
        return Err(ReplyError::WrongFunction);
    }
    if let ReplyLength::Exactly(length) = request.reply_length()
        && length != pdu.len()
    {
        return Err(ReplyError::WrongLength);
    }
    match request {
        Request::ReadHolding { .. } | Request::ReadInput { .. } => decode_registers(data),
        Request::WriteRegisters { address, values } => decode_echo(data, *address, values.len()),
        Request::ReadDeviceId { code, .. } => decode_device_id(pdu, *code),
    }
}

fn decode_registers(data: &[u8]) -> Result<Reply<'_>, ReplyError> {
    let (byte_count, bytes) = data.split_first().ok_or(ReplyError::WrongLength)?;
    let registers = RegisterBytes::new(bytes).filter(|_| usize::from(*byte_count) == bytes.len());
    registers.map(Reply::Registers).ok_or(ReplyError::WrongLength)
}

fn decode_echo(data: &[u8], address: u16, count: usize) -> Result<Reply<'_>, ReplyError> {
    let mut reader = Reader::new(data);
    let same = reader.u16() == Some(address) && reader.u16().map(usize::from) == Some(count);
    if same { Ok(Reply::Written) } else { Err(ReplyError::WrongEcho) }
}

fn decode_device_id(pdu: &[u8], code: u8) -> Result<Reply<'_>, ReplyError> {
    let reply = device_id::decode(pdu).ok_or(ReplyError::WrongLength)?;
    if reply.code == code { Ok(Reply::DeviceId(reply)) } else { Err(ReplyError::WrongEcho) }
}

/// Writes an exception reply to `function`; the length is always 2. `None` if `out` is too short.
pub fn encode_exception(function: u8, exception: Exception, out: &mut [u8]) -> Option<usize> {
    let mut writer = Writer::new(out);
    writer.bytes(&[function | EXCEPTION_BIT, exception.code()])?;
    Some(writer.len())
}

/// Writes a read reply of function 03 or 04; `None` if it does not fit `out` or the byte count.
pub fn encode_registers(
    function: u8,
    registers: impl IntoIterator<Item = u16>,
    out: &mut [u8],
) -> Option<usize> {
    let mut writer = Writer::new(out);
    writer.bytes(&[function, 0])?;
    for register in registers {
        writer.u16(register)?;
    }
    let length = writer.len();
    *out.get_mut(1)? = u8::try_from(length.checked_sub(2)?).ok()?;
    Some(length)
}

/// Writes the echo that confirms a write of function 16. `None` if `out` is too short.
pub fn encode_write_echo(address: u16, count: u16, out: &mut [u8]) -> Option<usize> {
    let mut writer = Writer::new(out);
    writer.u8(super::WRITE_REGISTERS)?;
    writer.u16(address)?;
    writer.u16(count)?;
    Some(writer.len())
}
