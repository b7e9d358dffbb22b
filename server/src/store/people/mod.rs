//! Residents, and those who sign in.

pub mod residents;
pub mod search;
pub mod sessions;
pub mod setup_links;
pub mod throttles;
pub mod users;
