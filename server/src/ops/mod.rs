//! What a person would say, one file a verb. Owns the transaction, the idempotency and the audit row; every write of
//! a person goes through here. Knows nothing of the web.

pub mod acknowledge_reminder;
pub mod actor;
pub mod allowances;
pub mod change_calendar;
pub mod change_letterhead;
pub mod change_room;
pub mod change_second_loops;
pub mod change_settings;
pub mod close_shift;
mod error;
pub mod hand_out;
pub mod installation;
pub mod issue_document;
pub mod issue_receipt;
pub mod issue_statement;
pub mod job_run;
pub mod judge_reading;
pub mod move_in;
pub mod move_in_list;
pub mod move_out;
pub mod open_shift;
mod operation;
pub mod passwords;
pub mod policy;
pub mod price_plans;
pub mod recognise_consumption;
pub mod refund_terms;
pub mod release_lockout;
pub mod restore_credit;
pub mod sell;
pub mod sign_in;
pub mod switch_supply;
pub mod terms;
mod throttle;
pub mod users;
pub mod void_sale;
pub mod watch_display;

pub use actor::{Actor, Role};
pub use error::{OpError, Problem};
pub use operation::{Key, Outcome};
