//! The web pages: one file a page, its template struct right above its handlers. Never names SQL.
//!
//! `routes.rs` is the list of them all. Every request passes, from the outside in: security headers, `visitor` (who asks,
//! in which language), `problem` (error pages), the cross-site check, and the route's `guard`.

mod account;
mod address;
mod assets;
mod cookies;
mod error;
mod field;
mod format;
mod forms;
mod guard;
mod health;
pub mod i18n;
mod icon;
mod next;
mod page;
mod problem;
mod routes;
mod security;
mod setup;
mod sign_in;
mod state;
mod user_password;
mod users;
mod visitor;

pub use guard::Access;
pub use routes::{access_list, router};
pub use state::{AppState, Reach, Wake};
