//! `/prices/groups` and `/prices/rooms`: a new group, and which rooms are in it.

use axum::extract::State;
use axum::response::Response;
use domain::ids::GroupId;

use super::group_forms::{GroupForm, RoomsForm};
use super::{Typed, prices_page};
use crate::ops::plans::{AddGroup, NoGroup, NotPlaced, PlaceRooms};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `POST /prices/groups`.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<GroupForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let group = AddGroup { key: form.key.parse()?, name: form.group_name.clone() };
    let faults = match app.ops.perform(visitor.actor()?, group).await {
        Ok(_) => return Ok(go("/prices")),
        Err(refused) => match because(refused)? {
            NoGroup::Taken => Faults::one("group_name", t.group_exists()),
            NoGroup::Name(problem) => Faults::text(t, "group_name", problem),
        },
    };
    show_refused(&prices_page(&app, &visitor, Typed { group: form, faults, ..Typed::default() }).await?)
}

/// `POST /prices/rooms`.
///
/// # Errors
/// [`WebError::NotFound`] without such a group.
pub async fn post_rooms(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<RoomsForm>,
) -> Result<Response, WebError> {
    let request = PlaceRooms {
        key: form.key.parse()?,
        group_id: GroupId(form.group.clone()),
        scope: form.scope.parse().map_err(|_| WebError::BadRequest)?,
        three_phase: !form.three_phase.is_empty(),
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go("/prices")),
        Err(refused) => match because(refused)? {
            NotPlaced::NoGroup => Err(WebError::NotFound),
            NotPlaced::MeterHeld => {
                let faults = Faults::one("group", visitor.lang.group_meter_held());
                let typed = Typed { rooms: form, faults, ..Typed::default() };
                show_refused(&prices_page(&app, &visitor, typed).await?)
            }
        },
    }
}
