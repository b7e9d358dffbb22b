//! The frame of every write, by whose mandate jobs act, and why a write is refused.

mod former;
mod frame;
pub mod job_run;
pub mod mandate;
mod op_error;
mod operation;
mod refused;
mod require;
mod verb;

pub use frame::{NoField, Ops, Wake};
pub use op_error::{OpError, Problem};
pub use operation::{Key, NotAKey, Operation, Outcome};
pub use refused::Refused;
pub(crate) use refused::{refusals, taken};
pub(super) use require::require;
pub use verb::{Verb, Written};
