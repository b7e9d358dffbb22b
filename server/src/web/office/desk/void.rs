//! `/sales/{id}/void`: a sale is taken back, with a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use serde::Deserialize;
use words::Lang;

use crate::ops::desk::void_sale::{MAX_REASON, NoVoid, VoidSale, may_void};
use crate::ops::kit::Key;
use crate::reads::desk::sales::{self, Sale};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::channel_name;

/// `void.html`.
#[derive(Template)]
#[template(path = "office/desk/void.html")]
struct VoidPage {
    t: Lang,
    page: Page,
    f: Format,
    sale: Sale,
    paid_by: String,
    key: String,
    reason: Field,
    trouble: Option<String>,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct VoidForm {
    key: String,
    reason: String,
}

async fn void_page(
    app: &AppState,
    visitor: &Visitor,
    id: &OperationId,
    form: &VoidForm,
    faults: &Faults,
) -> Result<VoidPage, WebError> {
    let t = visitor.lang;
    let sale = sales::get(&mut *app.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    if !may_void(visitor.actor()?, &sale) {
        return Err(WebError::Forbidden);
    }
    let reason = Field::text("reason", t.reason()).value(&form.reason).hint(t.void_reason_hint());
    let already = sale.voided_ms.map(|_| t.void_already().to_owned());
    Ok(VoidPage {
        t,
        page: Page::new(app, visitor, t.void_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        paid_by: channel_name(t, &sale.channel),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        reason: reason.longest(MAX_REASON).focus().error(faults),
        trouble: faults.of("sale").map(str::to_owned).or(already),
        sale,
    })
}

/// `GET /sales/{id}/void`.
///
/// # Errors
/// [`WebError::NotFound`] without such a sale; [`WebError::Forbidden`] when it is somebody else's.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
) -> Result<Response, WebError> {
    show(&void_page(&app, &visitor, &id, &VoidForm::default(), &Faults::default()).await?)
}

/// `POST /sales/{id}/void`.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    Form(form): Form<VoidForm>,
) -> Result<Response, WebError> {
    let request = VoidSale { key: form.key.parse()?, sale_id: id.clone(), reason: form.reason.clone() };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/sales/{id}"))),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            show_refused(&void_page(&app, &visitor, &id, &form, &faults).await?)
        }
    }
}

fn faults_of(t: Lang, why: NoVoid) -> Result<Faults, WebError> {
    let words = match why {
        NoVoid::NoSale => return Err(WebError::NotFound),
        NoVoid::Reason(problem) => return Ok(Faults::text(t, "reason", problem)),
        NoVoid::Voided => t.void_already(),
        NoVoid::CreditUsed => t.void_credit_used(),
        NoVoid::ShiftClosed => t.void_shift_closed(),
        NoVoid::ReadingHeld => t.void_reading_held(),
        NoVoid::TenancyChanged => t.void_tenancy_changed(),
    };
    Ok(Faults::one("sale", words))
}
