//! `/rooms/{id}/sale/preview`: what will be credited, for the buyer to confirm. Changes nothing.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use domain::money::Currency;
use words::Lang;

use crate::ops::desk::sell::{self, NoSale, Quote, SaleInput};
use crate::ops::kit::Key;
use crate::reads::places::site::Site;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::next::encode;
use crate::web::kit::page::{Page, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::form::{Typed, sale_page};
use crate::web::office::desk::sale::payment::{Paid, PaymentPart};
use crate::web::office::desk::sale::terms::{By, number_words, sale_faults};
use crate::web::office::plans::piece_words;

/// `sale_preview.html`.
#[derive(Template)]
#[template(path = "office/desk/sale_preview.html")]
pub(super) struct PreviewPage {
    t: Lang,
    page: Page,
    f: Format,
    quote: Quote,
    price: String,
    /// What each step of a ladder comes to; none for a sale at one price.
    steps: Vec<String>,
    by: By,
    value: String,
    key: String,
    changed: Option<&'static str>,
    payment: PaymentPart,
    /// Who pays, where several live there.
    payer: Option<Field>,
}

/// The page for a quote, with a fresh key; `changed` says why it is shown again.
pub(super) async fn preview_page(
    app: &AppState,
    visitor: &Visitor,
    quote: Quote,
    typed: Typed,
    paid: &Paid,
    (changed, faults): (Option<&'static str>, &Faults),
) -> Result<PreviewPage, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let back = format!("/rooms/{}/sale?by={}&value={}", quote.room.id, typed.by, encode(&typed.value));
    Ok(PreviewPage {
        t,
        page: Page::new(app, visitor, t.sale_title(&quote.room.name)),
        price: f.price(&quote.price.to_string()),
        steps: piece_words(t, &f, &quote.pieces),
        payer: paid.payer_field(t, &quote.residents, faults),
        f,
        quote,
        by: By::parse(&typed.by),
        value: typed.value,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        changed,
        payment: PaymentPart::new(app, visitor, paid, &back, faults).await?,
    })
}

/// `POST /rooms/{id}/sale/preview`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    match quote(&app, &visitor, &id, &typed).await? {
        Ok(quote) => {
            let fresh = (None, &Faults::default());
            show(&preview_page(&app, &visitor, quote, typed, &Paid::default(), fresh).await?)
        }
        Err(faults) => show_refused(&sale_page(&app, &visitor, &id, &typed, faults).await?),
    }
}

async fn quote(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    typed: &Typed,
) -> Result<Result<Quote, Faults>, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let currency = visitor.site.as_ref().map_or(Currency { code: String::new(), digits: 2 }, Site::currency);
    let input: SaleInput = match By::parse(&typed.by).input(&typed.value, &currency) {
        Ok(input) => input,
        Err(error) => return Ok(Err(Faults::one("value", number_words(t, error)))),
    };
    match sell::quote(&app.db, app.clock.as_ref(), id, input).await {
        Ok(quote) => Ok(Ok(quote)),
        Err(refused) => match because(refused)? {
            NoSale::NoRoom => Err(WebError::NotFound),
            why => Ok(Err(sale_faults(t, &f, why))),
        },
    }
}
