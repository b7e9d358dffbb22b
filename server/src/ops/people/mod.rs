//! Those who sign in.

pub mod passwords;
pub mod sign_in;
mod throttle;
pub mod users;
