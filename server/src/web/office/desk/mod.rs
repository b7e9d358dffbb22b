//! The cash desk: selling, receipts, shifts, takings.

pub mod day_end;
pub mod receipt;
pub mod sale;
pub mod sell;
pub mod shift;
pub mod takings;
pub mod takings_document;
pub mod void;
