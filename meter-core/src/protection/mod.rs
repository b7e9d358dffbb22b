//! What makes a loop's relay open to protect people, wiring and the house's rules.

pub mod overcurrent;
pub mod recovery;
pub mod vicious;
pub mod voltage;
