//! What the four forms of the installation page do.

use axum::extract::State;
use axum::response::Response;
use domain::ids::BuildingId;
use domain::money::parse_kwh;
use words::Lang;

use super::forms::{BuildingForm, PriceForm, RoomsForm, SiteTyped};
use super::{Typed, installation_page};
use crate::ops::places::rooms::{AddBuilding, AddRooms, NoBuilding, NoRooms, room_names};
use crate::ops::places::site::{NoSite, SiteForm};
use crate::ops::plans::{NoPlan, SetPlan};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::moments;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /installation/site`.
///
/// # Errors
/// As any page.
pub async fn post_site(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<SiteTyped>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let faults = match (parse_kwh(&form.low_credit), form.currency_digits.parse()) {
        (Err(error), _) => Faults::one("low_credit", crate::web::office::desk::sale::number_words(t, error)),
        (_, Err(_)) => Faults::one("currency_digits", t.field_malformed()),
        (Ok(low_credit_wh), Ok(currency_digits)) => {
            let site = SiteForm {
                key: form.key.parse()?,
                name: form.site_name.clone(),
                currency: form.currency.clone(),
                currency_digits,
                time_zone: form.time_zone.clone(),
                low_credit_wh,
            };
            match app.ops.perform(visitor.actor()?, site).await {
                Ok(_) => return Ok(go("/installation#site")),
                Err(refused) => site_faults(t, because(refused)?),
            }
        }
    };
    let typed = Typed { site: Some(form), faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}

fn site_faults(t: Lang, why: NoSite) -> Faults {
    match why {
        NoSite::Name(problem) => Faults::text(t, "site_name", problem),
        NoSite::Currency => Faults::one("currency", t.field_malformed()),
        NoSite::CurrencyFixed => Faults::one("currency", t.field_fixed()),
        NoSite::Digits { max } => Faults::one("currency_digits", t.field_out_of_range(0, max)),
        NoSite::Zone => Faults::one("time_zone", t.site_zone_bad()),
        NoSite::LowCredit { max_wh } => Faults::one("low_credit", t.field_out_of_range(0, max_wh / 1000)),
    }
}

fn price_faults(t: Lang, why: NoPlan) -> Faults {
    match why {
        NoPlan::Taken => Faults::one("from", t.price_same_moment()),
        NoPlan::Past => Faults::one("from", t.field_past()),
        NoPlan::TooFarAhead => Faults::one("from", t.field_too_far_ahead()),
        NoPlan::NoGroup | NoPlan::Terms | NoPlan::MeterHeld => Faults::one("price", t.field_malformed()),
    }
}

/// `POST /installation/prices`.
///
/// # Errors
/// As any page.
pub async fn post_price(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<PriceForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let zone = Format::new(t, visitor.site.as_ref(), app.clock.now_ms()).zone().clone();
    let from_ms = match form.from.trim() {
        "" => Ok(None),
        text => {
            moments::parse(text, &zone).map(Some).ok_or_else(|| Faults::one("from", t.supply_until_bad()))
        }
    };
    let faults = match from_ms {
        Err(faults) => faults,
        Ok(from_ms) => {
            let key = form.key.parse()?;
            match form.price.parse() {
                Err(_) => Faults::one("price", t.field_not_a_number()),
                Ok(price) => {
                    let plan = SetPlan::of_the_site(key, price, from_ms);
                    match app.ops.perform(visitor.actor()?, plan).await {
                        Ok(_) => return Ok(go("/installation#price")),
                        Err(refused) => price_faults(t, because(refused)?),
                    }
                }
            }
        }
    };
    let typed = Typed { price: form, faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}

/// `POST /installation/buildings`.
///
/// # Errors
/// As any page.
pub async fn post_building(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<BuildingForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let building = AddBuilding { key: form.key.parse()?, name: form.building_name.clone() };
    let faults = match app.ops.perform(visitor.actor()?, building).await {
        Ok(_) => return Ok(go("/installation#rooms")),
        Err(refused) => match because(refused)? {
            NoBuilding::Taken => Faults::one("building_name", t.building_exists()),
            NoBuilding::Name(problem) => Faults::text(t, "building_name", problem),
        },
    };
    let typed = Typed { building: form, faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}

/// `POST /installation/rooms`.
///
/// # Errors
/// As any page.
pub async fn post_rooms(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<RoomsForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let faults = match room_names(&form.rooms) {
        Err(_) => Faults::one("rooms", t.rooms_names_bad()),
        Ok(names) => {
            let request = AddRooms {
                key: form.key.parse()?,
                building_id: BuildingId(form.building.clone()),
                floor: form.floor.clone(),
                names,
            };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go("/installation#rooms")),
                Err(refused) => match because(refused)? {
                    NoRooms::NoBuilding => return Err(WebError::NotFound),
                    NoRooms::Taken => Faults::one("rooms", t.rooms_exist()),
                    NoRooms::Floor(problem) => Faults::text(t, "floor", problem),
                },
            }
        }
    };
    let typed = Typed { rooms: form, faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}
