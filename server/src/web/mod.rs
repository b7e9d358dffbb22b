//! The web pages: one file a page, its template struct right above its handlers. Never names SQL.
//!
//! `routes.rs` is the list of them all. Every request passes, from the outside in: security headers, `kit::visitor` (who
//! asks, in which language), `kit::problem` (error pages), the cross-site check, and the route's `kit::guard`.

pub mod kit;
mod office;
pub mod playground;
mod routes;

pub use kit::guard::Access;
pub use kit::state::{AppState, Reach};
pub use routes::{access_list, router};
