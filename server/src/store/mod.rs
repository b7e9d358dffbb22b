//! SQL and nothing else: takes a connection, never commits, returns domain types. A folder a subject.
//!
//! Whatever fails here is the database's: it does not answer, or [`crate::db::DbError::Corrupt`] of what stands in a row.
//! A function says more only where it can refuse otherwise.
#![expect(clippy::missing_errors_doc, reason = "said once, above")]

pub mod allowance;
pub mod audit;
pub mod books;
pub mod desk;
pub mod kit;
pub mod meters;
pub mod moves;
pub mod papers;
pub mod people;
pub mod places;
pub mod plans;
pub mod reports;
