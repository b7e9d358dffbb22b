//! `wattwarden bench`: how fast this machine sells and shows, each figure beside a bare peer measured in the same run.

pub mod board;
mod browser;
mod campus;
mod house;
mod latency;
pub mod sales;
pub mod subsidy;
mod table;

pub use latency::Latencies;
use table::table;
