//! The property office's server: sells electricity, keeps the books, and drives every meter to what the books say.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod allowance;
pub mod bench;
pub mod books;
pub mod check;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod documents;
pub mod exports;
pub mod field;
pub mod furnish;
pub mod healthcheck;
pub mod ids;
pub mod jobs;
pub mod logging;
pub mod master_key;
pub mod money;
pub mod month;
pub mod ops;
pub mod roster;
pub mod scratch;
pub mod serve;
pub mod settings;
pub mod store;
pub mod supply;
pub mod tariff;
pub mod web;
