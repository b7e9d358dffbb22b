//! `wattwarden bench`: how fast this machine sells, shows and prints, each figure beside a bare peer measured in the same run.

pub mod board;
mod browser;
mod campus;
pub mod documents;
mod house;
mod latency;
pub mod sales;
mod statement;
pub mod subsidy;
mod table;

pub use latency::Latencies;
use table::table;
