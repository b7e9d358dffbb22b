//! `/departures/{id}/settlement`: settles the account, once, and issues its statement.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::books::settlement::Sharing;
use domain::ids::{OperationId, ResidentId};
use domain::money::{Currency, parse_amount};
use words::Lang;

use super::account::DEBT_LINES;
use super::{Typed, departure_page, typed};
use crate::ops::moves::move_out::{Debt, NotSettled, SettleRequest, settle};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /departures/{id}/settlement`.
///
/// # Errors
/// [`WebError::NotFound`] without such a departure, [`WebError::Conflict`] when the form was used otherwise.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let currency = visitor.site.as_ref().ok_or(WebError::NotFound)?.currency();
    let faults = match request(t, &id, &form, &currency)? {
        Err(faults) => faults,
        Ok(request) => match settle(&app.ops, visitor.actor()?, request).await {
            Ok(_) => return Ok(go(&format!("/departures/{id}"))),
            Err(refused) => {
                let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
                faults_of(t, &f, because(refused)?)?
            }
        },
    };
    show_refused(&departure_page(&app, &visitor, &id, &form, &faults).await?)
}

fn request(
    t: Lang,
    id: &OperationId,
    form: &Typed,
    currency: &Currency,
) -> Result<Result<SettleRequest, Faults>, WebError> {
    let (debts, faults) = debts(t, form, currency);
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let payee = Some(typed(form, "payee")).filter(|text| !text.is_empty());
    Ok(Ok(SettleRequest {
        key: typed(form, "key").parse()?,
        departure_id: id.clone(),
        debts,
        sharing: Sharing::parse(typed(form, "sharing")).ok_or(WebError::BadRequest)?,
        payee: payee.map(|text| ResidentId(text.to_owned())),
        language: t,
    }))
}

/// The lines that were filled in; half a line is a mistake.
fn debts(t: Lang, form: &Typed, currency: &Currency) -> (Vec<Debt>, Faults) {
    let (mut debts, mut faults) = (Vec::new(), Faults::default());
    for line in 1..=DEBT_LINES {
        let (text_field, amount_field) = (format!("debt{line}"), format!("amount{line}"));
        let (text, amount) = (typed(form, &text_field), typed(form, &amount_field));
        match (text.is_empty(), amount.is_empty()) {
            (true, true) => {}
            (true, false) => faults.add(&text_field, t.field_missing()),
            (false, true) => faults.add(&amount_field, t.field_missing()),
            (false, false) => match parse_amount(amount, currency) {
                Ok(amount_minor) => debts.push(Debt { text: text.to_owned(), amount_minor }),
                Err(error) => {
                    faults.add(&amount_field, crate::web::office::desk::sale::number_words(t, error))
                }
            },
        }
    }
    (debts, faults)
}

fn faults_of(t: Lang, f: &Format, why: NotSettled) -> Result<Faults, WebError> {
    let page = |words: &str| Ok(Faults::one("page", words));
    match why {
        NotSettled::Unknown => Err(WebError::NotFound),
        NotSettled::Settled => page(t.departure_settled_already()),
        NotSettled::ClosingUnknown => page(t.departure_closing_unknown()),
        NotSettled::ReadingHeld => page(t.departure_reading_held()),
        NotSettled::NoPayee => Ok(Faults::one("payee", t.sharing_payee_missing())),
        NotSettled::Debt { max_minor } => page(&t.field_out_of_range(f.money(&1), f.money(&max_minor))),
        NotSettled::TooManyDebts { .. } | NotSettled::DebtText(_) => page(t.debt_wrong()),
    }
}
