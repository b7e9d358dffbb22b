//! What a person would say, one file a verb. Owns the transaction, the idempotency and the audit row; every write of
//! a person goes through here. Knows nothing of the web.

pub mod allowance;
pub mod books;
pub mod desk;
pub mod kit;
pub mod meters;
pub mod moves;
pub mod papers;
pub mod people;
pub mod places;
pub mod plans;
