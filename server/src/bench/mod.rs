//! `wattwarden bench`: how fast this machine sells, shows and prints, each figure beside a bare peer measured in the same run.

pub mod board;
mod browser;
mod campus;
mod house;
mod latency;
pub mod sales;
pub mod subsidy;
pub mod documents;
mod statement;
mod table;

pub use latency::Latencies;
use table::table;
