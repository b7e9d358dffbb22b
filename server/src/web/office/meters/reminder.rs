//! `/rooms/{id}/reminder`: acknowledges the low-credit reminder that keeps the supply off.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use serde::Deserialize;

use crate::ops::kit::OpError;
use crate::ops::meters::acknowledge_reminder::{AcknowledgeReminder, acknowledge};
use crate::web::kit::error::WebError;
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Which reminder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReminderForm {
    key: String,
    reminder: String,
}

/// `POST /rooms/{id}/reminder`.
///
/// # Errors
/// [`WebError::BadRequest`] for a form that isn't ours.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<ReminderForm>,
) -> Result<Response, WebError> {
    let request = AcknowledgeReminder {
        key: form.key.parse()?,
        room_id: id.clone(),
        reminder: form.reminder.parse().map_err(|_| WebError::BadRequest)?,
    };
    match acknowledge(&app.db, app.clock.as_ref(), visitor.actor()?, request).await {
        Ok(_) => app.ops.wake(),
        // It has ended meanwhile, at the meter or by a sale: the room's page shows that.
        Err(OpError::NotFound("reminder")) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(go(&format!("/rooms/{id}")))
}
