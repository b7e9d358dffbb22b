//! What makes a loop's relay open to protect people, wiring and the house's rules.

pub mod recovery;
pub mod vicious;
