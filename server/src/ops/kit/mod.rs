//! The frame of every write, by whose mandate jobs act, and why a write is refused.

mod frame;
pub mod job_run;
pub mod mandate;
mod operation;
mod refused;
mod verb;

pub use frame::{NoField, Ops, Wake};
pub use operation::{Key, NotAKey, Operation, Outcome};
pub use refused::Refused;
pub(crate) use refused::{refusals, taken};
pub use verb::{Verb, Written};
