//! Protocol data units: requests, replies and exceptions of the functions that meters need.

mod device_id;
mod exception;
mod register_bytes;
mod reply;
mod request;

#[cfg(test)]
mod reply_tests;

pub(crate) use device_id::pdu_len as device_id_pdu_len;
pub use device_id::{DeviceIdReply, DeviceObjects};
pub use exception::Exception;
pub use register_bytes::RegisterBytes;
pub use reply::{Reply, ReplyError, decode_reply, encode_exception, encode_registers, encode_write_echo};
pub use request::{ReplyLength, Request};

/// Read holding registers.
pub const READ_HOLDING: u8 = 0x03;
/// Read input registers.
pub const READ_INPUT: u8 = 0x04;
/// Write multiple registers.
pub const WRITE_REGISTERS: u8 = 0x10;
/// Encapsulated interface transport.
pub const ENCAPSULATED: u8 = 0x2B;
/// MEI type of "read device identification" under [`ENCAPSULATED`].
pub const MEI_DEVICE_ID: u8 = 0x0E;
/// Set in the function code of an exception reply.
pub const EXCEPTION_BIT: u8 = 0x80;
