//! Moving out: the tenancy ends at once, its meter closes the epoch, and what is left of its credit is settled: refunded,
//! or carried over when the residents change rooms.

mod accounts;
mod adjust;
mod approve;
mod ask;
mod bulk;
mod carry;
mod enter;
mod follow_up;
mod graduation;
mod hold;
mod pay;
mod preview;
mod settle;
mod statement;
mod wind_up;

pub use accounts::{AccountProblem, Accounts, note_accounts, review_accounts};
pub use approve::approve;
pub use ask::{AskMoveOut, ask};
pub(in crate::ops) use ask::{Leaving, leave};
pub use bulk::{BULK, Bulk, BulkReport, BulkRequest, ask_bulk, bulk_batch};
pub use enter::{EnterReading, Limits, Seen, enter, limits};
pub use follow_up::follow_up;
pub use graduation::{GRADUATION, Graduate, MAX_ROOMS, batch, go_on, graduate, has_mandate};
pub use pay::{BANK, PayRequest, Way, pay};
pub use preview::{Preview, at_reading, preview};
pub use settle::{Debt, MAX_DEBT_TEXT, MAX_DEBTS, SettleRequest, settle};
