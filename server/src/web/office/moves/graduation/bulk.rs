//! The refunds of a graduation on its page: approved or paid all at once, and how far that has come.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use serde::Deserialize;

use super::run::run_page;
use crate::ops::moves::move_out::{AskBulk, Bulk, NoBulk};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// What is to be done with them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RefundsForm {
    key: String,
    what: String,
}

/// `POST /moves/runs/{id}/refunds`.
///
/// # Errors
/// [`WebError::NotFound`] without such a run; [`WebError::Forbidden`] when the role may not.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<RefundsForm>,
) -> Result<Response, WebError> {
    let what = match form.what.as_str() {
        "approve" => Bulk::Approve,
        "bank" => Bulk::Bank,
        "cash" => Bulk::Cash,
        _ => return Err(WebError::BadRequest),
    };
    let t = visitor.lang;
    let asked = AskBulk { key: form.key.parse()?, list: id.clone(), what };
    let trouble = match app.ops.perform(visitor.actor()?, asked).await {
        Ok(_) => return Ok(go(&format!("/moves/runs/{id}#refunds"))),
        Err(refused) => match because(refused)? {
            NoBulk::NoList => return Err(WebError::NotFound),
            NoBulk::Nothing => t.refunds_none().to_owned(),
            NoBulk::NoShift => t.refunds_no_shift().to_owned(),
            NoBulk::DrawerShort { held_minor } => {
                let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
                t.refunds_drawer_short(f.money(&held_minor))
            }
        },
    };
    show_refused(&run_page(&app, &visitor, &id, Some(trouble), Vec::new()).await?)
}
