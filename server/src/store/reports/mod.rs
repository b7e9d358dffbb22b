//! The figures of the reports: each a sum over what is in the books, grouped by the database, so that a report of a whole
//! university is no more than the rows it shows.

pub mod consumption;
pub mod liability;
pub mod refunds;
pub mod sales;
