//! What the four forms of the installation page do.

use axum::extract::State;
use axum::response::Response;
use domain::ids::BuildingId;
use domain::money::parse_kwh;
use words::Lang;

use super::forms::{BuildingForm, PriceForm, RoomsForm, SiteTyped};
use super::{Typed, installation_page};
use crate::ops::kit::OpError;
use crate::ops::places::rooms::{AddRooms, add_building, add_rooms, room_names};
use crate::ops::places::site::{SetPrice, SiteForm, set_price, set_up_site};
use crate::web::kit::error::WebError;
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
            match set_up_site(&app.db, app.clock.as_ref(), visitor.actor()?, site).await {
                Ok(_) => return Ok(go("/installation#site")),
                Err(error) => site_faults(t, error)?,
            }
        }
    };
    let typed = Typed { site: Some(form), faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}

fn site_faults(t: Lang, error: OpError) -> Result<Faults, WebError> {
    match error {
        OpError::Invalid { field: "name", problem } => {
            let words = Faults::from_op(t, OpError::Invalid { field: "name", problem })?;
            Ok(Faults::one("site_name", words.of("name").unwrap_or_default()))
        }
        OpError::Invalid { field: "time_zone", .. } => Ok(Faults::one("time_zone", t.site_zone_bad())),
        OpError::OutOfRange { field: "low_credit", min, max } => {
            Ok(Faults::one("low_credit", t.field_out_of_range(min / 1000, max / 1000)))
        }
        other => Faults::from_op(t, other),
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
            let price = SetPrice { key: form.key.parse()?, per_kwh: form.price.clone(), from_ms };
            match set_price(&app.db, app.clock.as_ref(), visitor.actor()?, price).await {
                Ok(_) => return Ok(go("/installation#price")),
                Err(OpError::Exists(_)) => Faults::one("from", t.price_same_moment()),
                Err(OpError::Invalid { field: "price", .. }) => Faults::one("price", t.field_not_a_number()),
                Err(error) => Faults::from_op(t, error)?,
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
    let (t, key) = (visitor.lang, form.key.parse()?);
    let added = add_building(&app.db, app.clock.as_ref(), visitor.actor()?, &key, &form.building_name).await;
    let faults = match added {
        Ok(_) => return Ok(go("/installation#rooms")),
        Err(OpError::Exists(_)) => Faults::one("building_name", t.building_exists()),
        Err(OpError::Invalid { field: "name", problem }) => {
            let words = Faults::from_op(t, OpError::Invalid { field: "name", problem })?;
            Faults::one("building_name", words.of("name").unwrap_or_default())
        }
        Err(error) => return Err(error.into()),
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
            match add_rooms(&app.db, app.clock.as_ref(), visitor.actor()?, request).await {
                Ok(_) => return Ok(go("/installation#rooms")),
                Err(OpError::Exists(_)) => Faults::one("rooms", t.rooms_exist()),
                Err(OpError::Invalid { field: "rooms", .. }) => Faults::one("rooms", t.rooms_names_bad()),
                Err(error) => Faults::from_op(t, error)?,
            }
        }
    };
    let typed = Typed { rooms: form, faults, ..Typed::default() };
    show_refused(&installation_page(&app, &visitor, typed).await?)
}
