//! `/healthz`: the process lives. `/readyz`: it can serve, its database included.

use axum::extract::State;
use axum::http::StatusCode;

use crate::reads::places::site;
use crate::web::kit::state::AppState;

/// `GET /healthz`.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`.
pub async fn ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    let read = async { site::get(&mut *app.db.read().await?).await };
    match read.await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database isn't answering\n")
        }
    }
}
