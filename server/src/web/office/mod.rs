//! The office's pages, a folder a subject.

pub mod allowance;
pub mod books;
pub mod desk;
pub mod meters;
pub mod moves;
pub mod papers;
pub mod people;
pub mod places;
pub mod plans;
pub mod reports;
