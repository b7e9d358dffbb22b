//! Modbus application protocol and its two framings (serial RTU and TCP), over slices, both directions.
//!
//! Rules from "MODBUS Application Protocol Specification V1.1b3" and "MODBUS over Serial Line V1.02".

pub mod crc16;
mod device_id;
pub mod pdu;
pub mod rtu;
pub mod slave;
#[cfg(test)]
mod slave_tests;
pub mod splitter;
pub mod tcp;

/// Longest protocol data unit, bytes: function code and data.
pub const MAX_PDU: usize = 253;
/// Longest RTU frame, bytes: unit, PDU, CRC.
pub const MAX_RTU_FRAME: usize = 256;
/// Most registers one read request may ask for.
pub const MAX_READ_REGISTERS: u16 = 125;
/// Most registers one write request (function 16) may carry.
pub const MAX_WRITE_REGISTERS: u16 = 123;
/// The unit id that every slave hears and none answers.
pub const BROADCAST_UNIT: u8 = 0;
