//! `/rooms/{id}/grant`: free electricity for one room, by hand, with its reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{RoomId, TenancyId};
use domain::money::parse_kwh;
use serde::Deserialize;
use words::Lang;

use crate::ops::allowance::{ExtraGrant, NoGrant};
use crate::ops::kit::Key;
use crate::reads::people::residents;
use crate::reads::places::rooms::{self, Room};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::number_words;

/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// `grant.html`.
#[derive(Template)]
#[template(path = "office/allowance/grant.html")]
struct GrantPage {
    t: Lang,
    page: Page,
    room: Room,
    key: String,
    tenancy: String,
    trouble: Option<String>,
    fields: [Field; 2],
}

/// What was asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GrantForm {
    key: String,
    tenancy: String,
    energy: String,
    reason: String,
}

async fn grant_page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &GrantForm,
    faults: &Faults,
) -> Result<GrantPage, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let room = rooms::room(&mut conn, id).await?.ok_or(WebError::NotFound)?;
    let tenancy = residents::open_tenancy(&mut conn, id).await?;
    drop(conn);
    let vacant = tenancy.is_none().then(|| t.room_vacant().to_owned());
    let energy = Field::number("energy", t.grant_energy(), t.unit_kwh()).value(&form.energy).longest(12);
    let reason = Field::text("reason", t.reason()).value(&form.reason).hint(t.grant_reason_hint());
    Ok(GrantPage {
        t,
        page: Page::new(app, visitor, t.grant_title(&room.name)),
        room,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        tenancy: tenancy.map_or_else(String::new, |tenancy| tenancy.id.to_string()),
        trouble: faults.of("room").map(str::to_owned).or(vacant),
        fields: [energy.focus().error(faults), reason.longest(MAX_REASON).error(faults)],
    })
}

/// `GET /rooms/{id}/grant`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    show(&grant_page(&app, &visitor, &id, &GrantForm::default(), &Faults::default()).await?)
}

/// `POST /rooms/{id}/grant`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<GrantForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let faults = match parse_kwh(&form.energy) {
        Err(error) => Faults::one("energy", number_words(t, error)),
        Ok(energy_wh) => {
            let request = ExtraGrant {
                key: form.key.parse()?,
                room_id: id.clone(),
                tenancy_id: TenancyId(form.tenancy.clone()),
                energy_wh,
                reason: form.reason.clone(),
            };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go(&format!("/rooms/{id}"))),
                Err(refused) => faults_of(t, &f, because(refused)?),
            }
        }
    };
    show_refused(&grant_page(&app, &visitor, &id, &form, &faults).await?)
}

fn faults_of(t: Lang, f: &Format, why: NoGrant) -> Faults {
    match why {
        NoGrant::Nobody => Faults::one("room", t.grant_nobody()),
        NoGrant::NoPrice => Faults::one("room", t.allowances_no_price()),
        NoGrant::Hoarding { limit_wh } => Faults::one("energy", t.grant_hoarding(f.kwh_exact(&limit_wh))),
        NoGrant::Energy { max_wh } => {
            Faults::one("energy", t.sale_energy_range(f.kwh_exact(&1), f.kwh_exact(&max_wh)))
        }
        NoGrant::MeterFull => Faults::one("energy", t.sale_meter_full()),
        NoGrant::Reason(problem) => Faults::text(t, "reason", problem),
    }
}
