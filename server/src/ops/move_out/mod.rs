//! Moving out: the tenancy ends at once, its meter closes the epoch, and what is left of its credit is settled.

mod ask;

pub use ask::{AskMoveOut, ask};
