//! `/equipment/collector` adds a collector, `/equipment/collectors/{id}` changes one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::CollectorId;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::meters::collectors::{AddCollector, ChangeCollector, CollectorForm, NoCollector};
use crate::reads::meters::equipment::{self, Collector};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `collector.html`.
#[derive(Template)]
#[template(path = "office/meters/collector.html")]
struct CollectorPage {
    t: Lang,
    page: Page,
    key: String,
    fields: [Field; 4],
}

/// What was typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Typed {
    key: String,
    name: String,
    transport: String,
    address: String,
    enabled: String,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            key: String::new(),
            name: String::new(),
            transport: "modbus-tcp".to_owned(),
            address: String::new(),
            enabled: "yes".to_owned(),
        }
    }
}

fn collector_page(
    app: &AppState,
    visitor: &Visitor,
    existing: Option<&Collector>,
    typed: &Typed,
    faults: &Faults,
) -> CollectorPage {
    let t = visitor.lang;
    let title =
        existing.map_or_else(|| t.collector_add().to_owned(), |one| t.collector_change_title(&one.name));
    let transports =
        vec![Choice::new("modbus-tcp", t.transport_tcp()), Choice::new("rtu-over-tcp", t.transport_rtu())];
    let enabled =
        vec![Choice::new("yes", t.collector_enabled_yes()), Choice::new("no", t.collector_enabled_no())];
    let name = Field::text("name", t.collector_name()).value(&typed.name).hint(t.collector_name_hint());
    let address = Field::text("address", t.collector_address()).value(&typed.address);
    CollectorPage {
        t,
        page: Page::new(app, visitor, title),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        fields: [
            name.longest(60).error(faults),
            Field::select("transport", t.collector_transport(), transports)
                .value(&typed.transport)
                .error(faults),
            address.hint(t.collector_address_hint()).longest(120).error(faults),
            Field::select("enabled", t.collector_enabled(), enabled).value(&typed.enabled),
        ],
    }
}

async fn existing(app: &AppState, id: &CollectorId) -> Result<Collector, WebError> {
    let all = equipment::collectors(&mut *app.db.read().await?).await?;
    all.into_iter().find(|one| one.id == *id).ok_or(WebError::NotFound)
}

fn understood(typed: &Typed) -> CollectorForm {
    CollectorForm {
        name: typed.name.clone(),
        transport: typed.transport.clone(),
        address: typed.address.clone(),
        enabled: typed.enabled != "no",
    }
}

fn faults_of(t: Lang, why: NoCollector) -> Result<Faults, WebError> {
    Ok(match why {
        NoCollector::Unknown => return Err(WebError::NotFound),
        NoCollector::Taken => Faults::one("name", t.collector_exists()),
        NoCollector::Name(problem) => Faults::text(t, "name", problem),
        NoCollector::Address => Faults::one("address", t.collector_address_bad()),
        NoCollector::Transport => Faults::one("transport", t.field_malformed()),
    })
}

/// `GET /equipment/collector`.
///
/// # Errors
/// As any page.
pub async fn get_new(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&collector_page(&app, &visitor, None, &Typed::default(), &Faults::default()))
}

/// `POST /equipment/collector`.
///
/// # Errors
/// As any page.
pub async fn post_new(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let collector = AddCollector { key: typed.key.parse()?, form: understood(&typed) };
    match app.ops.perform(visitor.actor()?, collector).await {
        Ok(_) => Ok(go("/equipment")),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            show_refused(&collector_page(&app, &visitor, None, &typed, &faults))
        }
    }
}

/// `GET /equipment/collectors/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a collector.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<CollectorId>,
) -> Result<Response, WebError> {
    let one = existing(&app, &id).await?;
    let typed = Typed {
        key: String::new(),
        name: one.name.clone(),
        transport: one.transport.clone(),
        address: one.address.clone(),
        enabled: if one.enabled == 1 { "yes" } else { "no" }.to_owned(),
    };
    show(&collector_page(&app, &visitor, Some(&one), &typed, &Faults::default()))
}

/// `POST /equipment/collectors/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a collector.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<CollectorId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let change = ChangeCollector { key: typed.key.parse()?, id: id.clone(), form: understood(&typed) };
    match app.ops.perform(visitor.actor()?, change).await {
        Ok(_) => Ok(go("/equipment")),
        Err(refused) => {
            let faults = faults_of(visitor.lang, because(refused)?)?;
            let one = existing(&app, &id).await?;
            show_refused(&collector_page(&app, &visitor, Some(&one), &typed, &faults))
        }
    }
}
