//! `/moves/terms`: by what refunds are settled.

use axum::extract::State;
use axum::response::Response;

use super::moves_page;
use super::terms_form::TermsForm;
use crate::ops::moves::refund_terms::{NoTerms, SetRefundTerms};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /moves/terms`.
///
/// # Errors
/// [`WebError::NotFound`] before the site is set up.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<TermsForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let currency = visitor.site.as_ref().ok_or(WebError::NotFound)?.currency();
    let faults = match form.request(t, &currency) {
        Err(faults) => faults,
        Ok((smallest_coin_minor, approval_above_minor)) => {
            let key = form.key.parse()?;
            let request = SetRefundTerms { key, smallest_coin_minor, approval_above_minor };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go("/moves")),
                Err(refused) => {
                    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
                    let (field, min_minor, max_minor) = match because(refused)? {
                        NoTerms::Coin { max_minor } => ("coin", 1, max_minor),
                        NoTerms::Approval { max_minor } => ("approval", 0, max_minor),
                    };
                    Faults::one(field, t.field_out_of_range(f.money(&min_minor), f.money(&max_minor)))
                }
            }
        }
    };
    show_refused(&moves_page(&app, &visitor, &form, &faults).await?)
}
