//! `/rooms/{id}/reminder`: acknowledges the low-credit reminder that keeps the supply off.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use serde::Deserialize;

use crate::ops::meters::acknowledge_reminder::{AcknowledgeReminder, NoReminder};
use crate::web::kit::error::{WebError, because};
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
    if let Err(refused) = app.ops.perform(visitor.actor()?, request).await {
        // It has ended meanwhile, at the meter or by a sale: the room's page shows that.
        let NoReminder = because(refused)?;
    }
    Ok(go(&format!("/rooms/{id}")))
}
