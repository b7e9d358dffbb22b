//! The arithmetic of the books: lots of energy, what they are worth, and how far a tenancy has come into them.
//! Integers only; knows nothing of the database.

pub mod account;
mod breaker;
mod event;
mod lots;
mod purse;
pub mod settlement;
#[cfg(test)]
mod tests;

pub use breaker::{Breaker, SINGLE_PHASE_MA, THREE_PHASE_MA};
pub use event::{AccountEvent, Balances};
pub use lots::{Lot, LotSource, Lots, Rest};
pub use purse::{Backwards, Purse, Taken};
