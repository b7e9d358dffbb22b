//! `/departures/{id}/approval`: a second person approves the refund.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;

use super::{Typed, departure_page, typed};
use crate::ops::moves::move_out::{ApproveRefund, NoApproval};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /departures/{id}/approval`.
///
/// # Errors
/// [`WebError::NotFound`] without such a settlement.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let approval = ApproveRefund { key: typed(&form, "key").parse()?, departure_id: id.clone() };
    match app.ops.perform(visitor.actor()?, approval).await {
        Ok(_) => Ok(go(&format!("/departures/{id}"))),
        Err(refused) => match because(refused)? {
            NoApproval::NoSettlement => Err(WebError::NotFound),
            NoApproval::SecondPerson => {
                let faults = Faults::one("page", visitor.lang.refund_second_person());
                show_refused(&departure_page(&app, &visitor, &id, &form, &faults).await?)
            }
        },
    }
}
