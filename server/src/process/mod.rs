//! The process: its command line, configuration and keys, and what a running server is composed of.

pub mod cli;
pub mod clock;
pub mod config;
pub mod healthcheck;
pub mod logging;
pub mod master_key;
pub mod serve;
