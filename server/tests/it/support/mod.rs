//! What every integration test shares: a fresh database on each engine.

pub mod auditor;
pub mod crash;
pub mod database;
pub mod house;
pub mod markup;
pub mod meters;
pub mod papers;
pub mod plain_meter;
pub mod poppler;
pub mod process;
pub mod web;
