//! The client's address, for throttling.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::web::kit::error::WebError;
use crate::web::kit::state::AppState;

/// The client's address as text; `unknown` when the listener doesn't tell it.
pub struct Address(pub String);

impl FromRequestParts<AppState> for Address {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, WebError> {
        let forwarded = if app.reach.behind_proxy { last_forwarded(parts) } else { None };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        Ok(Self(forwarded.or(peer).unwrap_or_else(|| "unknown".to_owned())))
    }
}

/// The last entry is the one that our own proxy added; those before it are whatever the client made up.
fn last_forwarded(parts: &Parts) -> Option<String> {
    let header = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = header.rsplit(',').next()?.trim();
    last.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
}
