//! What every operation and job writes: its key and audit row, and how far a run has come.

pub mod job_runs;
pub mod operations;
