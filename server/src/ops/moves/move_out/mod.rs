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
mod settle_request;
mod statement;
mod wind_up;

pub use accounts::{AccountProblem, Accounts, NoAccounts, NoteAccounts, review_accounts};
pub use approve::{ApproveRefund, NoApproval};
pub use ask::{AskMoveOut, NotLeaving};
pub(in crate::ops) use ask::{Leaving, leave};
pub use bulk::{AskBulk, BULK, Bulk, BulkReport, BulkRequest, NoBulk, bulk_batch};
pub use enter::{EnterReading, Limits, NotEntered, Seen, limits};
pub use follow_up::follow_up;
pub use graduation::{GRADUATION, GoOn, Graduate, MAX_ROOMS, NoGraduation, NoSuchList, batch, has_mandate};
pub use pay::{AccountPart, BANK, NotPaid, PayRequest, Way};
pub use preview::{Preview, at_reading, preview};
pub use settle::{MAX_DEBT_TEXT, MAX_DEBTS, NotSettled, settle};
pub use settle_request::{Debt, SettleRequest};
