//! Those who sign in, and what the residents of a room are.

pub mod account;
pub mod residents;
pub mod setup;
pub mod sign_in;
pub mod user_password;
pub mod users;
