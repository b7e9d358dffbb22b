//! What the office sees of free electricity: rules, runs, grants.

pub use crate::store::allowance::{Rule, all, get};

/// Who gets how much of a month's free electricity, and why somebody does not.
pub mod candidates {
    pub use crate::store::allowance::candidates::Candidate;
}

/// Grants.
pub mod grants {
    pub use crate::store::allowance::grants::{Grant, of_month};
}

/// A rule's month being granted.
pub mod runs {
    pub use crate::store::allowance::runs::{Run, get, latest};
}
