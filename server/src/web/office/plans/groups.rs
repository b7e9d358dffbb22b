//! `/prices/groups` and `/prices/rooms`: a new group, and which rooms are in it.

use axum::extract::State;
use axum::response::Response;
use domain::ids::GroupId;
use serde::Deserialize;
use words::Lang;

use super::{Typed, group_name, prices_page};
use crate::ops::plans::{AddGroup, NoGroup, NotPlaced, PlaceRooms};
use crate::reads::plans::room_groups::Group;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// A group, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    key: String,
    group_name: String,
}

impl GroupForm {
    pub(super) fn fields(&self, t: Lang, faults: &Faults) -> Vec<Field> {
        let name = Field::text("group_name", t.group_name()).value(&self.group_name);
        vec![name.hint(t.group_name_hint()).longest(60).error(faults)]
    }
}

/// Rooms for a group, as chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RoomsForm {
    key: String,
    group: String,
    scope: String,
    pub(super) three_phase: String,
}

impl RoomsForm {
    pub(super) fn fields(
        &self,
        t: Lang,
        groups: &[Group],
        scopes: Vec<Choice>,
        faults: &Faults,
    ) -> Vec<Field> {
        let choice = |group: &Group| Choice::new(group.id.to_string(), group_name(t, group));
        let groups = groups.iter().map(choice).collect();
        vec![
            Field::select("scope", t.group_scope_field(), scopes).value(&self.scope).error(faults),
            Field::select("group", t.group_field(), groups).value(&self.group).error(faults),
        ]
    }
}

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
