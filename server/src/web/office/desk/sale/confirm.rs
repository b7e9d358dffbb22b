//! `/rooms/{id}/sales`: makes the sale. Sent twice it is one sale with one receipt.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::{RoomId, TenancyId};
use serde::Deserialize;

use crate::ops::desk::sell::{self, NoSale, SaleInput, SellRequest};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::form::{Typed, sale_page};
use crate::web::office::desk::sale::payment::Paid;
use crate::web::office::desk::sale::preview::preview_page;
use crate::web::office::desk::sale::terms::{By, sale_faults};

/// The confirmed quote.
#[derive(Clone, Debug, Deserialize)]
pub struct Confirmed {
    key: String,
    tenancy: String,
    amount_minor: i64,
    energy_wh: i64,
    price: String,
    by: String,
    value: String,
    #[serde(flatten)]
    paid: Paid,
}

impl Confirmed {
    fn typed(&self) -> Typed {
        Typed { by: self.by.clone(), value: self.value.clone() }
    }

    fn input(&self) -> SaleInput {
        match By::parse(&self.by) {
            By::Amount => SaleInput::Amount(self.amount_minor),
            By::Energy => SaleInput::Energy(self.energy_wh),
        }
    }
}

/// `POST /rooms/{id}/sales`.
///
/// # Errors
/// [`WebError::Conflict`] when the form's key was used for another sale.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<Confirmed>,
) -> Result<Response, WebError> {
    let request = SellRequest {
        key: form.key.parse()?,
        room_id: id.clone(),
        tenancy_id: TenancyId(form.tenancy.clone()),
        amount_minor: form.amount_minor,
        energy_wh: form.energy_wh,
        price_per_kwh: form.price.clone(),
        payment: form.paid.payment()?,
        payer_id: form.paid.payer(),
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(sold) => Ok(go(&format!("/sales/{}", sold.id))),
        Err(refused) => ask_again(&app, &visitor, &id, &form, because(refused)?).await,
    }
}

/// Shows the confirmation again where it can be mended there, else the form before it.
async fn ask_again(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &Confirmed,
    why: NoSale,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    match why {
        NoSale::PriceChanged => again(app, visitor, id, form, Again::Changed(t.sale_price_changed())).await,
        NoSale::TenancyChanged => {
            again(app, visitor, id, form, Again::Changed(t.sale_residents_changed())).await
        }
        NoSale::NoShift => again(app, visitor, id, form, Again::Changed(t.sale_no_shift())).await,
        NoSale::Reference(_) | NoSale::ReferenceUsed | NoSale::NotTheirs => {
            let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
            again(app, visitor, id, form, Again::Refused(sale_faults(t, &f, why))).await
        }
        NoSale::NoRoom => Err(WebError::NotFound),
        NoSale::Vacant
        | NoSale::NoMeter
        | NoSale::NoPrice
        | NoSale::Hoarding { .. }
        | NoSale::Amount { .. }
        | NoSale::Energy { .. }
        | NoSale::MeterFull => refused(app, visitor, id, form, why).await,
    }
}

/// Why the confirmation is shown again.
enum Again {
    /// Something is another now than when it was shown.
    Changed(&'static str),
    /// What was typed on it can't be taken.
    Refused(Faults),
}

async fn again(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &Confirmed,
    why: Again,
) -> Result<Response, WebError> {
    match sell::quote(&app.db, app.clock.as_ref(), id, form.input()).await {
        Ok(quote) => {
            let (status, changed, faults) = match why {
                Again::Changed(words) => (StatusCode::CONFLICT, Some(words), Faults::default()),
                Again::Refused(faults) => (StatusCode::UNPROCESSABLE_ENTITY, None, faults),
            };
            let page =
                preview_page(app, visitor, quote, form.typed(), &form.paid, (changed, &faults)).await?;
            let mut response = show(&page)?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => match because(error)? {
            NoSale::NoRoom => Err(WebError::NotFound),
            why => refused(app, visitor, id, form, why).await,
        },
    }
}

async fn refused(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &Confirmed,
    why: NoSale,
) -> Result<Response, WebError> {
    let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
    let faults = sale_faults(visitor.lang, &f, why);
    show_refused(&sale_page(app, visitor, id, &form.typed(), faults).await?)
}
