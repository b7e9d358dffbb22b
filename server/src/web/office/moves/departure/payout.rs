//! `/departures/{id}/payouts`: pays a resident's share out.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use words::Lang;

use super::departure_page;
use super::payout_form::way;
use super::typed::{Typed, typed};
use crate::ops::moves::move_out::{AccountPart, NotPaid, PayRequest};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /departures/{id}/payouts`.
///
/// # Errors
/// [`WebError::NotFound`] without such a share.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let position = typed(&form, "position");
    let request = PayRequest {
        key: typed(&form, "key").parse()?,
        departure_id: id.clone(),
        position: position.parse().map_err(|_| WebError::BadRequest)?,
        way: way(&form, position).ok_or(WebError::BadRequest)?,
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/departures/{id}"))),
        Err(refused) => {
            let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
            let faults = faults_of(visitor.lang, &f, because(refused)?)?;
            show_refused(&departure_page(&app, &visitor, &id, &form, &faults).await?)
        }
    }
}

fn faults_of(t: Lang, f: &Format, why: NotPaid) -> Result<Faults, WebError> {
    Ok(match why {
        NotPaid::NoShare => return Err(WebError::NotFound),
        NotPaid::PaidOut => Faults::one("page", t.refund_paid_already()),
        NotPaid::NotApproved => Faults::one("page", t.refund_not_approved()),
        NotPaid::NoShift => Faults::one("pay", t.refund_no_shift()),
        NotPaid::DrawerShort { held_minor } => {
            Faults::one("pay", t.refund_drawer_short(f.money(&held_minor)))
        }
        NotPaid::Channel(problem) => Faults::text(t, "way", problem),
        NotPaid::Reference(problem) => Faults::text(t, "reference", problem),
        NotPaid::Account(AccountPart::Holder, problem) => Faults::text(t, "account_name", problem),
        NotPaid::Account(AccountPart::Number, problem) => Faults::text(t, "account_number", problem),
        NotPaid::Account(AccountPart::Bank, problem) => Faults::text(t, "bank", problem),
    })
}
