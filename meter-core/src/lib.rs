#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]
//! What a prepaid multi-user electricity meter is: credit, relays, sealed commands, registers, Modbus.
//!
//! A state machine without I/O, clock or randomness: the firmware feeds it measurements and frames,
//! the simulator feeds it a seed, and the server speaks its registers and envelopes.

#[cfg(test)]
extern crate std;

mod bytes;
pub mod modbus;
