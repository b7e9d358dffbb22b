//! `/rooms/{id}/sale`: how much is to be sold.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use domain::money::{Currency, format_amount};
use serde::Deserialize;
use words::Lang;

use crate::reads::places::site;
use crate::reads::plans::price_plans;
use crate::reads::room::RoomFacts;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::terms::By;
use crate::web::office::plans::tariff_words;

/// Common amounts, in major units of a currency with decimals; a hundredfold in one without.
const PRESETS: [i64; 4] = [20, 50, 100, 200];

/// `sale.html`.
#[derive(Template)]
#[template(path = "office/desk/sale.html")]
pub(super) struct SalePage {
    t: Lang,
    page: Page,
    f: Format,
    facts: RoomFacts,
    remaining_wh: Option<i64>,
    price: Option<String>,
    trouble: Option<String>,
    by: By,
    value: Field,
    /// As sent, and as shown.
    presets: Vec<(String, String)>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// `amount` or `energy`.
    pub by: String,
    /// How much.
    pub value: String,
}

/// The form with what was typed and what is wrong with it.
pub(super) async fn sale_page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    typed: &Typed,
    mut faults: Faults,
) -> Result<SalePage, WebError> {
    let (t, now_ms) = (visitor.lang, app.clock.now_ms());
    let f = Format::new(t, visitor.site.as_ref(), now_ms);
    let mut conn = app.db.read().await?;
    let facts = visitor.room(&mut conn, id, (now_ms, now_ms)).await?;
    let tariff = price_plans::of_room(&mut conn, id, now_ms).await?;
    drop(conn);
    let missing = [
        (facts.tenancy.is_none(), t.sale_no_tenancy()),
        (facts.served.is_none(), t.sale_no_meter()),
        (tariff.is_none(), t.sale_no_price()),
    ];
    if let Some((_, words)) = missing.into_iter().find(|(missing, _)| *missing) {
        faults.add("room", words);
    }
    let value = Field::number("value", t.sale_value(), String::new()).hint(t.sale_value_hint(f.currency()));
    Ok(SalePage {
        t,
        page: Page::new(app, visitor, t.sale_title(&facts.room.name)),
        remaining_wh: facts.served.as_ref().and_then(|served| Some(served.reported.as_ref()?.remaining_wh())),
        price: tariff.map(|tariff| tariff_words(t, &f, &tariff)),
        trouble: faults.of("room").map(str::to_owned),
        by: By::parse(&typed.by),
        value: value.value(&typed.value).longest(24).focus().error(&faults),
        presets: presets(&f, visitor.site.as_ref().map(site::Site::currency)),
        f,
        facts,
    })
}

fn presets(f: &Format, currency: Option<Currency>) -> Vec<(String, String)> {
    let Some(currency) = currency else { return Vec::new() };
    let unit = if currency.digits == 0 { 100 } else { 10_i64.pow(currency.digits) };
    let preset = |major| (format_amount(major * unit, currency.digits), f.money(&(major * unit)));
    PRESETS.map(preset).to_vec()
}

/// `GET /rooms/{id}/sale`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Query(typed): Query<Typed>,
) -> Result<Response, WebError> {
    show(&sale_page(&app, &visitor, &id, &typed, Faults::default()).await?)
}
