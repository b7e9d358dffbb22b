//! The cash desk: sales, shifts, payments, and what a day came to.

pub mod figures;
pub mod payments;
pub mod receipts;
pub mod sales;
pub mod shifts;
pub mod takings;
pub mod voids;
