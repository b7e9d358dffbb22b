//! `/rooms/{id}/lockout`: releases what protection has locked out.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use serde::Deserialize;

use crate::ops::meters::release_lockout::{NoLockout, ReleaseLockout};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

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
    if let Err(refused) = app.ops.perform(visitor.actor()?, request).await {
        // It has ended meanwhile, at the meter or by somebody else: the room's page shows that.
        let NoLockout = because(refused)?;
    }
    Ok(go(&format!("/rooms/{id}")))
}
