//! `/equipment/meters/{id}`: a meter's health, what it recorded, its outlets; lets a free outlet serve a room.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{MeterId, RoomId};
use domain::meter_kind::Feature;
use domain::rights::Action;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::meters::equipment::{Assign, NotInstalled};
use crate::reads::meters::equipment::{self, Meter};
use crate::reads::meters::events::{self, NEWEST};
use crate::reads::meters::outlets::{self, OutletRoom};
use crate::reads::places::rooms;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::status::Look;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::display::DisplayCard;
use crate::web::office::meters::equipment::meter_look;
use crate::web::office::meters::event_words::{EventLine, event_lines};
use crate::web::office::meters::meter_new::{outlet_label, room_choices};
use crate::web::office::meters::restore::LossCard;
use crate::web::office::meters::second_loops::SecondLoops;

/// Events that are shown; the rest has a page of its own.
const EVENTS: i64 = 8;

/// `meter.html`.
#[derive(Template)]
#[template(path = "office/meters/meter.html")]
struct MeterPage {
    t: Lang,
    page: Page,
    f: Format,
    meter: Meter,
    look: Look,
    outlets: Vec<Line>,
    second_loops: SecondLoops,
    can_install: bool,
    key: String,
    trouble: Option<String>,
    /// It has lost its memory, and nobody has decided yet.
    lost: Option<LossCard>,
    /// What it recorded last.
    events: Vec<EventLine>,
    /// What is on its display.
    display: Option<DisplayCard>,
    /// Outlet and room; empty when there is nothing left to assign.
    fields: Vec<Field>,
}

/// An outlet in the list.
struct Line {
    /// As marked on the meter.
    label: String,
    room: Option<Room>,
}

/// The room that an outlet serves.
struct Room {
    id: RoomId,
    name: String,
    place: String,
}

impl Line {
    fn new(t: Lang, outlet: OutletRoom) -> Self {
        let label = position_label(t, &outlet);
        let OutletRoom { room_id, room_name, floor_name, building_name, .. } = outlet;
        let place = building_name.zip(floor_name).map(|(building, floor)| t.room_place(building, floor));
        let room = room_id.zip(room_name).zip(place);
        Self { label, room: room.map(|((id, name), place)| Room { id, name, place }) }
    }
}

fn position_label(t: Lang, outlet: &OutletRoom) -> String {
    outlet_label(t, outlet.position, outlet.phases)
}

async fn meter_page(
    app: &AppState,
    visitor: &Visitor,
    id: &MeterId,
    form: &AssignForm,
    faults: &Faults,
) -> Result<MeterPage, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let all = equipment::meters(&mut conn).await?;
    let meter = all.into_iter().find(|one| one.id == *id).ok_or(WebError::NotFound)?;
    let outlets = outlets::of_meter(&mut conn, id).await?;
    let second_loops = SecondLoops::read(&mut conn, t, id).await?;
    let rooms = rooms::rooms_without_meter(&mut conn).await?;
    let recorded = events::of_meter(&mut conn, id, NEWEST, EVENTS).await?;
    let lost = LossCard::read(&mut conn, visitor, id).await?;
    drop(conn);
    let display = match meter.features.has(Feature::Display) {
        false => None,
        true => Some(DisplayCard::read(app, visitor, id, None).await?),
    };
    let free: Vec<_> = outlets
        .iter()
        .filter(|outlet| outlet.room_id.is_none())
        .map(|outlet| Choice::new(outlet.position.to_string(), position_label(t, outlet)))
        .collect();
    let rooms: Vec<_> = room_choices(rooms).collect();
    let fields = if free.is_empty() || rooms.is_empty() {
        Vec::new()
    } else {
        let outlet = Field::select("position", t.outlet(), free).value(&form.position);
        vec![outlet, Field::select("room", t.outlet_room(), rooms).value(&form.room)]
    };
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    Ok(MeterPage {
        t,
        page: Page::new(app, visitor, t.meter_title(meter.serial)),
        lost,
        display,
        events: event_lines(t, &f, &recorded),
        f,
        look: meter_look(t, meter.status),
        meter,
        outlets: outlets.into_iter().map(|outlet| Line::new(t, outlet)).collect(),
        second_loops,
        can_install: visitor.actor()?.may(Action::InstallMeters),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble: faults.of("outlet").map(str::to_owned),
        fields,
    })
}

/// `GET /equipment/meters/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a meter.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
) -> Result<Response, WebError> {
    show(&meter_page(&app, &visitor, &id, &AssignForm::default(), &Faults::default()).await?)
}

/// An outlet for a room.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AssignForm {
    key: String,
    position: String,
    room: String,
}

/// `POST /equipment/meters/{id}/rooms`.
///
/// # Errors
/// [`WebError::NotFound`] without such a meter.
pub async fn post_room(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
    Form(form): Form<AssignForm>,
) -> Result<Response, WebError> {
    let request = Assign {
        key: form.key.parse()?,
        meter_id: id.clone(),
        position: form.position.parse().map_err(|_| WebError::BadRequest)?,
        room_id: RoomId(form.room.clone()),
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/equipment/meters/{id}"))),
        Err(refused) => match because(refused)? {
            NotInstalled::OutletTaken | NotInstalled::NoRoom => {
                let faults = Faults::one("outlet", visitor.lang.outlet_taken());
                show_refused(&meter_page(&app, &visitor, &id, &form, &faults).await?)
            }
            // Nothing of a meter to be added is asked here.
            NotInstalled::Serial { .. }
            | NotInstalled::Unit { .. }
            | NotInstalled::Kind
            | NotInstalled::TooManyRooms { .. }
            | NotInstalled::NoCollector
            | NotInstalled::Taken => Err(WebError::BadRequest),
        },
    }
}
