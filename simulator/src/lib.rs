#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]
//! Virtual electricity: loads, meters, RS485 lines with faults, and the data collectors before them.
//!
//! The meters run `meter-core`, the code of the real ones. Everything comes from a seed and from the time
//! that the caller gives, so a run can be repeated.

pub mod bus;
pub mod campus;
pub mod collector;
pub mod faults;
mod house;
pub mod load;
pub mod mains;
mod memory;
pub mod meter;
mod sight;
mod steps;
pub mod test_bench;
