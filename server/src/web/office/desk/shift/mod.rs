//! `/shift`: the way to one's own shift; opens one for who has none. The other pages of shifts beside it.

pub mod close;
pub mod document;
pub mod list;
pub mod report;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::money::{Currency, ParseError, format_amount, parse_sum};
use domain::rights::Action;
use serde::Deserialize;
use words::Lang;

use crate::ops::desk::open_shift::{NoOpening, OpenShift, shift_of};
use crate::ops::kit::Key;
use crate::reads::desk::shifts::{self, Filter, Shift};
use crate::reads::places::site::Site;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::next::local;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::number_words;

/// Own shifts listed where one is opened.
const LATEST: i64 = 5;

/// `shift.html`.
#[derive(Template)]
#[template(path = "office/desk/shift.html")]
struct ShiftPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    next: String,
    float: Field,
    latest: Vec<Shift>,
    oversees: bool,
}

/// Where to go once a shift is open.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ShiftQuery {
    next: String,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OpenForm {
    key: String,
    next: String,
    float: String,
}

/// The currency that sums are typed in.
fn currency(visitor: &Visitor) -> Currency {
    visitor.site.as_ref().map_or(Currency { code: String::new(), digits: 2 }, Site::currency)
}

/// The field for the change in a new drawer: what was typed, else what the last count left in it.
pub fn float_field(
    visitor: &Visitor,
    last_minor: Option<i64>,
    typed: Option<&str>,
    faults: &Faults,
) -> Field {
    let (t, currency) = (visitor.lang, currency(visitor));
    let last = format_amount(last_minor.unwrap_or(0), currency.digits);
    let field = Field::number("float", t.shift_float(), currency.code).hint(t.shift_float_hint());
    field.value(typed.unwrap_or(&last)).longest(24).error(faults)
}

/// A typed sum of money, or what is wrong with it.
fn sum(t: Lang, field: &str, text: &str, currency: &Currency) -> Result<i64, Faults> {
    parse_sum(text, currency).map_err(|error: ParseError| Faults::one(field, number_words(t, error)))
}

/// A sum that lies outside what a drawer can hold.
fn money_range(t: Lang, f: &Format, field: &str, max_minor: i64) -> Faults {
    Faults::one(field, t.sale_amount_range(f.money(&0), f.money(&max_minor)))
}

/// `GET /shift`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<ShiftQuery>,
) -> Result<Response, WebError> {
    let open = shifts::open_of(&mut *app.db.read().await?, &visitor.actor()?.id()).await?;
    match open {
        Some(shift) => Ok(go(&format!("/shifts/{}", shift.id))),
        None => show(&shift_page(&app, &visitor, &query.next, None, &Faults::default()).await?),
    }
}

async fn shift_page(
    app: &AppState,
    visitor: &Visitor,
    next: &str,
    typed: Option<&str>,
    faults: &Faults,
) -> Result<ShiftPage, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    let mut conn = app.db.read().await?;
    let last = shifts::last_float_minor(&mut conn, &actor.id()).await?;
    let own = Filter { user_id: Some(actor.id()), ..Filter::default() };
    let latest = shifts::list(&mut conn, &own, LATEST).await?;
    drop(conn);
    Ok(ShiftPage {
        t,
        page: Page::new(app, visitor, t.shift_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        next: next.to_owned(),
        float: float_field(visitor, last, typed, faults).focus(),
        latest,
        oversees: actor.may(Action::SeeShifts),
    })
}

/// `POST /shift`: opens one, and goes on to where it was needed.
///
/// # Errors
/// [`WebError::Conflict`] when the form's key was used for another shift.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<OpenForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let key = form.key.parse()?;
    let faults = match sum(t, "float", &form.float, &currency(&visitor)) {
        Err(faults) => faults,
        Ok(float_minor) => {
            let request = OpenShift { key, float_minor };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(opened) => return Ok(go(&on_to(&form.next, || format!("/shifts/{}", shift_of(&opened))))),
                Err(refused) => match because(refused)? {
                    NoOpening::Open => return Ok(go(&on_to(&form.next, || "/shift".to_owned()))),
                    NoOpening::Float { max_minor } => money_range(t, &f, "float", max_minor),
                },
            }
        }
    };
    show_refused(&shift_page(&app, &visitor, &form.next, Some(&form.float), &faults).await?)
}

fn on_to(next: &str, otherwise: impl Fn() -> String) -> String {
    match local(next) {
        "/" => otherwise(),
        next => next.to_owned(),
    }
}
