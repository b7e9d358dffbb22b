//! `/departures/{id}/reading`: takes the reading that was seen at a dark meter.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use domain::money::{ParseError, parse_kwh};

use super::departure_page;
use super::typed::{Typed, typed};
use crate::ops::moves::move_out::{EnterReading, NotEntered, Seen};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /departures/{id}/reading`.
///
/// # Errors
/// [`WebError::NotFound`] without such a departure.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let faults = match parse_kwh(typed(&form, "reading")) {
        // A room in which nothing was used is no mistake.
        Err(ParseError::NotPositive) if typed(&form, "reading").starts_with('0') => {
            return take(&app, &visitor, &id, &form, 0).await;
        }
        Err(error) => Faults::one("reading", crate::web::office::desk::sale::number_words(t, error)),
        Ok(wh) => return take(&app, &visitor, &id, &form, wh).await,
    };
    show_refused(&departure_page(&app, &visitor, &id, &form, &faults).await?)
}

async fn take(
    app: &AppState,
    visitor: &Visitor,
    id: &OperationId,
    form: &Typed,
    wh: i64,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let seen = if typed(form, "kind") == "total" { Seen::Total(wh) } else { Seen::Used(wh) };
    let request = EnterReading { key: typed(form, "key").parse()?, departure_id: id.clone(), seen };
    let faults = match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => return Ok(go(&format!("/departures/{id}"))),
        Err(refused) => match because(refused)? {
            NotEntered::Unknown => return Err(WebError::NotFound),
            NotEntered::Settled => Faults::one("page", t.departure_settled_already()),
            NotEntered::NotNeeded | NotEntered::NoTotal => Faults::one("page", t.reading_not_needed()),
            NotEntered::Reading { min_wh, max_wh } => {
                let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
                Faults::one("reading", t.field_out_of_range(f.kwh_exact(&min_wh), f.kwh_exact(&max_wh)))
            }
        },
    };
    show_refused(&departure_page(app, visitor, id, form, &faults).await?)
}
