//! What a meter remembers over a power cut, in FRAM or NOR flash: state, events, load profile.
//!
//! One store holds everything as records of which the latest counts ([`store`]); a record is found whole or
//! not at all. A command changes exactly one record and is answered only after that is written, and totals
//! and generations make a repeat harmless, so a power cut at any write loses no command that was confirmed,
//! repeats none and leaves no mixture. The energy registers are written once a second, so at most a second
//! of energy is lost. [`wear`] has the arithmetic of how long flash lasts.

mod correct;
pub mod durable;
#[cfg(test)]
mod durable_tests;
pub mod key;
pub mod memory;
#[cfg(test)]
pub(crate) mod mock;
mod page;
#[cfg(test)]
mod power_cuts;
pub mod profile;
mod ring;
#[cfg(test)]
mod rot_tests;
pub mod store;
#[cfg(test)]
mod store_tests;
pub mod wear;

pub use durable::{DurableMeter, StartError};
pub use key::{EVENTS, JournalKey, PROFILE_HOURS};
pub use memory::{ByteMemory, FRAM_PAGE_LEN, Fram, Memory, MemoryError};
pub use profile::Reading;
