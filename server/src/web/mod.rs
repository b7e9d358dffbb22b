//! The web pages: one file a page, its template struct right above its handlers. Never names SQL.
//!
//! `routes.rs` is the list of them all. Every request passes, from the outside in: security headers, `visitor` (who asks,
//! in which language), `problem` (error pages), the cross-site check, and the route's `guard`.

mod account;
mod address;
mod assets;
mod bars;
mod board;
mod books;
mod collector;
mod cookies;
mod day_end;
mod display;
mod equipment;
mod error;
mod event_evidence;
mod event_words;
mod field;
mod format;
mod forms;
mod guard;
mod health;
pub mod i18n;
mod icon;
mod installation;
mod lockout;
mod meter;
mod meter_events;
mod meter_new;
mod moments;
mod next;
mod page;
mod period;
mod prices;
mod problem;
mod reasons;
mod receipt;
mod reminder;
mod restore;
mod room;
mod routes;
mod sale;
mod second_loops;
mod security;
mod sell;
mod settings;
mod setup;
mod shift;
mod sign_in;
mod state;
mod status;
mod steps;
mod supply;
mod takings;
mod tenancy;
mod user_password;
mod users;
mod visitor;
mod void;

pub use guard::Access;
pub use routes::{access_list, router};
pub use state::{AppState, Reach, Wake};
