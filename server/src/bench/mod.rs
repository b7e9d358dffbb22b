//! `wattwarden bench`: how fast this machine sells and shows, each figure beside a bare peer measured in the same run.

mod latency;
pub mod sales;

pub use latency::Latencies;
