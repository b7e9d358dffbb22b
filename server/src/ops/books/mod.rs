//! What is done about the books: recognising use, judging readings, stating accounts.

pub mod issue_statement;
pub mod judge_reading;
pub mod recognise_consumption;
