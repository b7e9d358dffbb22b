//! `/equipment`: collectors and meters, and how they are doing.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::health::MeterStatus;
use domain::rights::Action;
use words::Lang;

use crate::reads::meters::equipment::{self, Collector, Meter};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::status::Look;
use crate::web::kit::visitor::Visitor;

/// `equipment.html`.
#[derive(Template)]
#[template(path = "office/meters/equipment.html")]
struct EquipmentPage {
    t: Lang,
    page: Page,
    f: Format,
    can_install: bool,
    collectors: Vec<(Collector, Look)>,
    meters: Vec<(Meter, Look)>,
}

/// `GET /equipment`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let collectors = equipment::collectors(&mut conn).await?;
    let meters = equipment::meters(&mut conn).await?;
    drop(conn);
    show(&EquipmentPage {
        t,
        page: Page::new(&app, &visitor, t.equipment_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        can_install: visitor.actor()?.may(Action::InstallMeters),
        collectors: collectors.into_iter().map(|one| (one.clone(), collector_look(t, &one))).collect(),
        meters: meters.into_iter().map(|one| (one.clone(), meter_look(t, one.status))).collect(),
    })
}

fn collector_look(t: Lang, collector: &Collector) -> Look {
    let (class, icon, word) = match collector {
        Collector { enabled: 0, .. } => ("off", "off", t.collector_disabled()),
        Collector { at_ms: None, .. } => ("off", "todo", t.collector_unknown()),
        Collector { error: Some(_), .. } => ("offline", "offline", t.collector_offline()),
        _ => ("on", "done", t.collector_online()),
    };
    Look { class, icon, word }
}

/// How a meter's state looks.
#[must_use]
pub fn meter_look(t: Lang, status: Option<MeterStatus>) -> Look {
    let (class, icon, word) = match status {
        Some(MeterStatus::Online) => ("on", "done", t.meter_online()),
        Some(MeterStatus::Offline) => ("offline", "offline", t.meter_offline()),
        Some(MeterStatus::WrongMeter) => ("out", "warning", t.meter_wrong()),
        _ => ("off", "todo", t.meter_unknown()),
    };
    Look { class, icon, word }
}

impl EquipmentPage {
    /// What to do about a meter that isn't well.
    fn help(&self, meter: &Meter) -> Option<String> {
        match (meter.status, meter.found_serial) {
            (Some(MeterStatus::Online), _) if meter.memory_lost > 0 => Some(self.t.loss_short().to_owned()),
            (Some(MeterStatus::WrongMeter), Some(serial)) => Some(self.t.meter_wrong_help(serial)),
            (Some(MeterStatus::Offline), _) => Some(self.t.meter_offline_help().to_owned()),
            _ => None,
        }
    }
}
