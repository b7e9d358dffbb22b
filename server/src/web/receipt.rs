//! `/sales/{id}`: the receipt, for the screen, for A4 and for an 80 mm roll.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::ids::OperationId;
use crate::ops::void_sale::may_void;
use crate::store::people::{self, Resident};
use crate::store::sales::{self, Sale};
use crate::store::shifts;
use crate::web::error::WebError;
use crate::web::format::Format;
use crate::web::forms::Query;
use crate::web::i18n::Lang;
use crate::web::page::{Page, show};
use crate::web::prices::step_words;
use crate::web::sale::channel_name;
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// `receipt.html`.
#[derive(Template)]
#[template(path = "receipt.html")]
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
    roll: bool,
    can_void: bool,
}

/// The paper.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReceiptQuery {
    paper: String,
}

/// `GET /sales/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a sale.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Query(query): Query<ReceiptQuery>,
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
    let residents = people::residents_of(&mut conn, &sale.tenancy_id).await?;
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
        roll: query.paper == "80mm",
    })
}
