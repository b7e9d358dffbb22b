//! What makes a loop's relay open to protect people, wiring and the house's rules.

mod guard;
mod household;
pub mod leaky;
pub mod overcurrent;
mod phases;
pub mod recovery;
pub mod vicious;
pub mod voltage;

pub(crate) use guard::Consequence;
pub use guard::Guard;
pub use household::{Flow, Protection};
