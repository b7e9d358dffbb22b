//! `/installation`: the site, its price, its buildings and rooms, and the first steps. One page, four forms, each
//! posted to an address of its own.

mod forms;
mod posts;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::GroupId;
use domain::rights::Action;
use words::Lang;

pub use self::forms::{BuildingForm, PriceForm, RoomsForm, SiteTyped};
pub use self::posts::{post_building, post_price, post_rooms, post_site};
use crate::db::DbError;
use crate::ops::kit::Key;
use crate::reads::places::first_steps;
use crate::reads::places::rooms::{self, Building};
use crate::reads::plans::price_plans;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::places::steps::{Step, steps};
use crate::web::office::plans::tariff_words;

/// `installation.html`.
#[derive(Template)]
#[template(path = "office/places/installation.html")]
pub(crate) struct InstallationPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    can_install: bool,
    steps: Vec<Step>,
    price: Option<String>,
    /// From when, and what.
    prices: Vec<(i64, String)>,
    buildings: Vec<Building>,
    site_fields: Vec<Field>,
    price_fields: Vec<Field>,
    building_fields: Vec<Field>,
    room_fields: Vec<Field>,
}

/// What was typed into which form, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    site: Option<SiteTyped>,
    price: PriceForm,
    building: BuildingForm,
    rooms: RoomsForm,
    faults: Faults,
}

pub(crate) async fn installation_page(
    app: &AppState,
    visitor: &Visitor,
    typed: Typed,
) -> Result<InstallationPage, WebError> {
    let (t, now_ms) = (visitor.lang, app.clock.now_ms());
    let mut conn = app.db.read().await?;
    let steps = steps(t, &first_steps::done(&mut conn).await?);
    let default = GroupId(price_plans::DEFAULT_GROUP.to_owned());
    let tariff = price_plans::of_group(&mut conn, &default, now_ms).await?;
    let mut all = price_plans::all(&mut conn).await?;
    let buildings = rooms::buildings(&mut conn).await?;
    drop(conn);
    let can_install = visitor.actor()?.may(Action::SetUpSite);
    let f = Format::new(t, visitor.site.as_ref(), now_ms);
    all.retain(|plan| plan.group_id.as_ref() == Some(&default));
    let prices = all.iter().filter_map(|plan| Some((plan.from_ms?, plan)));
    let prices = prices.map(|(from_ms, plan)| Ok((from_ms, tariff_words(t, &f, &plan.tariff()?))));
    let prices = prices.collect::<Result<_, DbError>>()?;
    let site_typed = typed.site.unwrap_or_else(|| SiteTyped::of(visitor.site.as_ref()));
    let faults = &typed.faults;
    Ok(InstallationPage {
        t,
        page: Page::new(app, visitor, t.installation_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        can_install,
        steps: if can_install && steps.iter().any(|step| !step.done) { steps } else { Vec::new() },
        price: tariff.map(|tariff| tariff_words(t, &f, &tariff)),
        prices,
        site_fields: site_typed.fields(t, faults),
        price_fields: typed.price.fields(t, f.currency(), faults),
        building_fields: typed.building.fields(t, faults),
        room_fields: typed.rooms.fields(t, &buildings, faults),
        buildings,
        f,
    })
}

/// `GET /installation`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&installation_page(&app, &visitor, Typed::default()).await?)
}
