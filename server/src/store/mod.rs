//! SQL and nothing else: takes a connection, never commits, returns domain types. A folder a subject.

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
