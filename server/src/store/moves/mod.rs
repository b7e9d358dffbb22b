//! Moving in and out: lists, departures, settlements, refunds.

pub mod adjustments;
pub mod bank_accounts;
pub mod carried;
pub mod departure_runs;
pub mod departures;
pub mod departures_list;
pub mod imports;
pub mod settlements;
pub mod statements;
