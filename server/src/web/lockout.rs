//! `/rooms/{id}/lockout`: releases what protection has locked out.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::ids::RoomId;
use crate::ops::OpError;
use crate::ops::release_lockout::{ReleaseLockout, release};
use crate::web::error::WebError;
use crate::web::forms::Form;
use crate::web::page::go;
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// Which lock-out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LockoutForm {
    key: String,
    lockout: String,
}

/// `POST /rooms/{id}/lockout`.
///
/// # Errors
/// [`WebError::BadRequest`] for a form that isn't ours.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<LockoutForm>,
) -> Result<Response, WebError> {
    let request = ReleaseLockout {
        key: form.key.parse()?,
        room_id: id.clone(),
        lockout: form.lockout.parse().map_err(|_| WebError::BadRequest)?,
    };
    match release(&app.db, app.clock.as_ref(), visitor.actor()?, request).await {
        Ok(_) => app.wake.wake(),
        // It has ended meanwhile, at the meter or by somebody else: the room's page shows that.
        Err(OpError::NotFound("lockout")) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(go(&format!("/rooms/{id}")))
}
