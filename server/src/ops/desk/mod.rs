//! What a cashier does: sell, take back, keep a shift.

pub mod close_shift;
pub mod issue_receipt;
pub mod open_shift;
pub mod sell;
pub mod void_sale;
