//! `/equipment/meter`: adds a meter, and says which room each of its outlets serves.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::{CollectorId, RoomId};
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::meters::equipment::{AddMeter, NotInstalled};
use crate::reads::meters::equipment;
use crate::reads::meters::kinds::{self, Kind, KindOutlet};
use crate::reads::places::rooms;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `meter_new.html`.
#[derive(Template)]
#[template(path = "office/meters/meter_new.html")]
struct MeterPage {
    t: Lang,
    page: Page,
    key: String,
    trouble: Option<String>,
    /// Which kind of meter is added.
    kind: String,
    /// The kinds to choose from, where there is a choice.
    kinds: Vec<Kind>,
    fields: [Field; 3],
    outlets: Vec<Field>,
}

/// The fields by name: `key`, `kind`, `serial`, `unit`, `collector`, and `outlet0`, `outlet1`, … for as many as the kind has.
type Typed = HashMap<String, String>;

fn typed<'a>(form: &'a Typed, field: &str) -> &'a str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}

/// The kind that was chosen; our own while nobody has.
fn kind(form: &Typed) -> &str {
    match typed(form, "kind") {
        "" => kinds::OURS,
        chosen => chosen,
    }
}

async fn meter_page(
    app: &AppState,
    visitor: &Visitor,
    form: &Typed,
    faults: &Faults,
) -> Result<MeterPage, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let collectors = equipment::collectors(&mut conn).await?;
    let free = rooms::rooms_without_meter(&mut conn).await?;
    let kinds = kinds::all(&mut conn).await?;
    let kind = kind(form).to_owned();
    let outlets = kinds::outlets(&mut conn, &kind).await?;
    drop(conn);
    let none = || Choice::new("", t.choose());
    let collectors = std::iter::once(none())
        .chain(collectors.into_iter().map(|one| Choice::new(one.id.0, one.name)))
        .collect();
    let rooms: Vec<_> = std::iter::once(Choice::new("", t.outlet_free())).chain(room_choices(free)).collect();
    let outlet = |outlet: &KindOutlet| {
        let name = format!("outlet{}", outlet.position);
        let label = outlet_label(t, outlet.position, outlet.phases);
        let value = typed(form, &name).to_owned();
        Field::select(name, label, rooms.clone()).value(value).optional()
    };
    let serial =
        Field::text("serial", t.meter_serial()).value(typed(form, "serial")).hint(t.meter_serial_hint());
    let unit = Field::text("unit", t.meter_unit()).value(typed(form, "unit")).hint(t.meter_unit_hint());
    let collector =
        Field::select("collector", t.room_collector(), collectors).value(typed(form, "collector"));
    Ok(MeterPage {
        t,
        page: Page::new(app, visitor, t.meter_add_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble: faults.of("meter").map(str::to_owned),
        fields: [serial.longest(12).error(faults), collector.error(faults), unit.longest(3).error(faults)],
        kinds: if kinds.len() > 1 { kinds } else { Vec::new() },
        outlets: outlets.iter().map(outlet).collect(),
        kind,
    })
}

/// An outlet as it is marked on the meter: counted from 1, three-phase ones said so.
#[must_use]
pub fn outlet_label(t: Lang, position: i64, phases: i64) -> String {
    if phases == 3 { t.outlet_three(position + 1) } else { t.outlet_single(position + 1) }
}

/// Rooms to choose from, with where they are.
pub fn room_choices(rooms: Vec<rooms::Room>) -> impl Iterator<Item = Choice> {
    rooms.into_iter().map(|room| {
        let label = format!("{} · {} · {}", room.building_name, room.floor_name, room.name);
        Choice::new(room.id.0, label)
    })
}

/// `GET /equipment/meter`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<Typed>,
) -> Result<Response, WebError> {
    show(&meter_page(&app, &visitor, &query, &Faults::default()).await?)
}

/// `POST /equipment/meter`.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let outlets = kinds::outlets(&mut *app.db.read().await?, kind(&form)).await?.len();
    let faults = match understood(t, &form, outlets)? {
        Err(faults) => faults,
        Ok(request) => match app.ops.perform(visitor.actor()?, request).await {
            Ok(_) => return Ok(go("/equipment")),
            Err(refused) => faults_of(t, because(refused)?)?,
        },
    };
    show_refused(&meter_page(&app, &visitor, &form, &faults).await?)
}

fn faults_of(t: Lang, why: NotInstalled) -> Result<Faults, WebError> {
    Ok(match why {
        NotInstalled::Serial { .. } => Faults::one("serial", t.meter_serial_bad()),
        NotInstalled::Unit { .. } => Faults::one("unit", t.meter_unit_bad()),
        NotInstalled::NoCollector => Faults::one("collector", t.meter_no_collector()),
        NotInstalled::Taken => Faults::one("meter", t.meter_exists()),
        NotInstalled::NoRoom | NotInstalled::OutletTaken => Faults::one("meter", t.meter_room_taken()),
        // The form offers no other kinds, and no more outlets than one has.
        NotInstalled::Kind | NotInstalled::TooManyRooms { .. } => return Err(WebError::BadRequest),
    })
}

fn understood(t: Lang, form: &Typed, outlets: usize) -> Result<Result<AddMeter, Faults>, WebError> {
    let mut faults = Faults::default();
    let serial = typed(form, "serial").parse().ok();
    let unit = typed(form, "unit").parse().ok();
    if serial.is_none() {
        faults.add("serial", t.meter_serial_bad());
    }
    if unit.is_none() {
        faults.add("unit", t.meter_unit_bad());
    }
    if typed(form, "collector").is_empty() {
        faults.add("collector", t.meter_no_collector());
    }
    let room = |position| {
        let room = typed(form, &format!("outlet{position}"));
        (!room.is_empty()).then(|| RoomId(room.to_owned()))
    };
    let (Some(serial), Some(unit), true) = (serial, unit, faults.is_empty()) else { return Ok(Err(faults)) };
    Ok(Ok(AddMeter {
        key: typed(form, "key").parse()?,
        kind: kind(form).to_owned(),
        serial,
        collector_id: CollectorId(typed(form, "collector").to_owned()),
        unit,
        rooms: (0..outlets).map(room).collect(),
    }))
}
