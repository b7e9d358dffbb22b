//! The books: transfers between accounts, lots, purses, and the use that was recognised.

pub mod account;
pub mod flows;
pub mod lots;
pub mod purses;
pub mod quarantines;
pub mod recognition;
pub mod transfers;
