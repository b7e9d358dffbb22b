//! The field: collectors, their lines, and the meters on them. Writes facts; wants nothing of its own.

pub mod link;
pub mod planner;
pub mod schedule;
