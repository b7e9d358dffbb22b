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
pub mod clock;
pub mod crc32;
pub mod credit;
pub mod display;
pub mod energy;
pub mod envelope;
pub mod events;
pub mod evidence;
pub mod household;
pub mod journal;
pub mod local_time;
pub mod loops;
pub mod measurement;
pub mod meter;
pub mod metered;
pub mod metrology;
pub mod modbus;
pub mod month;
pub mod protection;
pub mod registers;
pub mod relay;
pub mod reminder;
pub mod reversing;
pub mod schedule;
pub mod serial;
pub mod settings;
#[cfg(test)]
mod testing;
pub mod units;
