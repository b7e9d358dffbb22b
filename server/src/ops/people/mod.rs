//! Those who sign in.

pub mod add_user;
pub mod choose_language;
pub mod first_administrator;
pub mod let_sign_in;
pub mod new_user;
pub mod passwords;
pub mod set_password;
pub mod sign_in;
mod throttle;
