//! The property office's server: sells electricity, keeps the books, and drives every meter to what the books say.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod check;
pub mod db;
pub mod field;
pub mod jobs;
pub mod ops;
pub mod process;
pub mod reads;
pub mod store;
pub mod tools;
pub mod web;
