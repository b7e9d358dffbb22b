//! `/sales/{id}`: the sale's receipt on the screen; and its issue, to be printed on A4 or a roll, or downloaded.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use paper::Kind;
use serde::Deserialize;
use words::Lang;

use crate::ops::desk::issue_receipt::{IssueReceipt, NoSuchSale};
use crate::ops::desk::void_sale::may_void;
use crate::ops::kit::Key;
use crate::reads::desk::sales::{self, Sale};
use crate::reads::desk::shifts;
use crate::reads::papers::documents;
use crate::reads::people::residents::{self, Resident};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::channel_name;
use crate::web::office::papers::documents::address;
use crate::web::office::plans::step_words;

/// `receipt.html`.
#[derive(Template)]
#[template(path = "office/desk/receipt.html")]
struct ReceiptPage {
    t: Lang,
    page: Page,
    f: Format,
    sale: Sale,
    residents: Vec<Resident>,
    price: String,
    paid_by: String,
    /// What each step of a ladder came to; none for a sale at one price.
    steps: Vec<String>,
    key: String,
    /// The document's number and address, once it was printed.
    issued: Option<(String, String)>,
    can_void: bool,
}

/// `GET /sales/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a sale.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    let mut conn = app.db.read().await?;
    let sale = sales::get(&mut conn, &id).await?.ok_or(WebError::NotFound)?;
    let steps = sales::steps(&mut conn, &id).await?;
    let drawer_open = match &sale.shift_id {
        Some(shift_id) => {
            shifts::get(&mut conn, shift_id).await?.is_some_and(|shift| shift.closed_ms.is_none())
        }
        None => sale.channel != "cash",
    };
    let residents = residents::residents_of(&mut conn, &sale.tenancy_id).await?;
    let number = documents::number_of(&mut conn, Kind::Receipt, id.as_str()).await?;
    drop(conn);
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    show(&ReceiptPage {
        t,
        page: Page::new(&app, &visitor, t.receipt_title()),
        price: f.price(&sale.price_per_kwh),
        steps: step_words(t, &f, &steps),
        can_void: sale.voided_ms.is_none() && drawer_open && may_void(visitor.actor()?, &sale),
        f,
        paid_by: channel_name(t, &sale.channel),
        sale,
        residents,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        issued: number.map(|number| (Kind::Receipt.numbered(number), format!("/documents/receipt/{number}"))),
    })
}

/// Where the receipt goes: `print`, `roll` or `pdf`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PrintForm {
    key: String,
    to: String,
}

/// `POST /sales/{id}/receipt`: issues the receipt at its first print, and leads to the paper.
///
/// # Errors
/// [`WebError::NotFound`] without such a sale.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<PrintForm>,
) -> Result<Response, WebError> {
    let request = IssueReceipt { key: form.key.parse()?, sale_id: id.clone(), language: visitor.lang };
    let outcome = match app.ops.perform(visitor.actor()?, request).await {
        Ok(outcome) => outcome,
        Err(refused) => {
            let NoSuchSale = because(refused)?;
            return Err(WebError::NotFound);
        }
    };
    let mut conn = app.db.read().await?;
    let number = documents::number_of(&mut conn, Kind::Receipt, id.as_str()).await?;
    Ok(go(&address(Kind::Receipt, number.ok_or(WebError::NotFound)?, &form.to, Some(&outcome.id))))
}
