//! What the office sees of runs of jobs.

/// Runs of jobs.
pub mod job_runs {
    pub use crate::store::kit::job_runs::{JobRun, JobState, latest, latest_of_subject, of_occasion};
}
