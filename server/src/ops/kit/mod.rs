//! The frame of every operation: its key, its transaction, its audit row; and why one is refused.

mod error;
pub mod job_run;
pub mod mandate;
mod operation;
mod require;

pub use error::{OpError, Problem};
pub(super) use operation::Operation;
pub use operation::{Key, Outcome};
pub(super) use require::require;
