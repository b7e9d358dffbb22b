//! `/rooms/{id}/supply`: on until a time, off, or automatic, with a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use domain::supply::SupplyMode;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::meters::switch_supply::{MAX_REASON, NotSwitched, SwitchRequest};
use crate::reads::meters::households;
use crate::reads::places::rooms::{self, Room};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::moments;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::status::mode_word;
use crate::web::kit::visitor::Visitor;

/// `supply.html`.
#[derive(Template)]
#[template(path = "office/meters/supply.html")]
struct SupplyPage {
    t: Lang,
    page: Page,
    room: Room,
    key: String,
    modes: Vec<Choice>,
    mode: String,
    mode_error: Option<String>,
    trouble: Option<String>,
    fields: [Field; 2],
}

/// What was asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SupplyForm {
    key: String,
    mode: String,
    until: String,
    reason: String,
}

async fn supply_page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &SupplyForm,
    faults: &Faults,
) -> Result<SupplyPage, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let room = rooms::room(&mut conn, id).await?.ok_or(WebError::NotFound)?;
    let served = households::of_room(&mut conn, id).await?.is_some();
    drop(conn);
    let zone = visitor.site.as_ref().map_or("UTC", |site| &site.time_zone);
    let until = Field::moment("until", t.supply_until()).value(&form.until).hint(t.supply_until_hint(zone));
    let reason = Field::text("reason", t.reason()).value(&form.reason).hint(t.supply_reason_hint());
    let trouble = faults.of("room").map(str::to_owned);
    Ok(SupplyPage {
        t,
        page: Page::new(app, visitor, t.supply_page_title(&room.name)),
        room,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        modes: modes(t),
        mode: form.mode.clone(),
        mode_error: faults.of("mode").map(str::to_owned),
        trouble: trouble.or_else(|| (!served).then(|| t.room_no_meter().to_owned())),
        fields: [until.optional().error(faults), reason.longest(MAX_REASON).error(faults)],
    })
}

fn modes(t: Lang) -> Vec<Choice> {
    let all = [
        (SupplyMode::Auto, t.supply_auto_hint()),
        (SupplyMode::Off, t.supply_off_hint()),
        (SupplyMode::On, t.supply_on_hint()),
    ];
    let choice = |(mode, hint): (SupplyMode, &str)| Choice {
        value: mode.as_str().to_owned(),
        label: mode_word(t, mode).to_owned(),
        hint: hint.to_owned(),
    };
    all.map(choice).to_vec()
}

/// `GET /rooms/{id}/supply`: starts from what is wanted now.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    let mut conn = app.db.read().await?;
    let outlet = households::of_room(&mut conn, &id).await?;
    let desired = match outlet {
        Some(outlet) => Some(households::desired(&mut conn, &outlet.id).await?),
        None => None,
    };
    drop(conn);
    let now_ms = app.clock.now_ms();
    let mode = desired.map_or(SupplyMode::Auto, |desired| desired.mode_at(now_ms));
    let form = SupplyForm { mode: mode.as_str().to_owned(), ..SupplyForm::default() };
    show(&supply_page(&app, &visitor, &id, &form, &Faults::default()).await?)
}

/// `POST /rooms/{id}/supply`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<SupplyForm>,
) -> Result<Response, WebError> {
    let request = match understand(&app, &visitor, &id, &form)? {
        Ok(request) => request,
        Err(faults) => return show_refused(&supply_page(&app, &visitor, &id, &form, &faults).await?),
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/rooms/{id}"))),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?);
            show_refused(&supply_page(&app, &visitor, &id, &form, &faults).await?)
        }
    }
}

fn understand(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    form: &SupplyForm,
) -> Result<Result<SwitchRequest, Faults>, WebError> {
    let t = visitor.lang;
    let Ok(mode) = form.mode.parse::<SupplyMode>() else {
        return Ok(Err(Faults::one("mode", t.supply_mode_missing())));
    };
    let zone = Format::new(t, visitor.site.as_ref(), app.clock.now_ms()).zone().clone();
    let until_ms = match form.until.trim() {
        "" => None,
        // What is left in the field has no meaning for the automatic.
        _ if mode == SupplyMode::Auto => None,
        text => match moments::parse(text, &zone) {
            Some(until_ms) => Some(until_ms),
            None => return Ok(Err(Faults::one("until", t.supply_until_bad()))),
        },
    };
    let key = form.key.parse()?;
    Ok(Ok(SwitchRequest { key, room_id: id.clone(), mode, until_ms, reason: form.reason.clone() }))
}

fn faults_of(t: Lang, why: NotSwitched) -> Faults {
    match why {
        NotSwitched::NoMeter => Faults::one("room", t.room_no_meter()),
        NotSwitched::Reason(problem) => Faults::text(t, "reason", problem),
        NotSwitched::NoEnd | NotSwitched::TooFarAhead => Faults::one("until", t.supply_until_needed()),
        NotSwitched::Past => Faults::one("until", t.field_past()),
        NotSwitched::EndOfAutomatic => Faults::one("until", t.field_malformed()),
    }
}
