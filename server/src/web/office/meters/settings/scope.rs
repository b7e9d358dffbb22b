//! For whom settings are shown and changed: its name, and what else there is to choose.

use domain::settings::Scope;
use meter_core::settings::LoopId;
use words::Lang;

use crate::db::Connection;
use crate::reads::meters::settings::rooms_in;
use crate::reads::places::rooms::{self, FloorRow};
use crate::web::kit::error::WebError;
use crate::web::kit::field::Choice;

/// A scope on a page.
pub struct ScopeView {
    /// Which.
    pub scope: Scope,
    /// As forms send it.
    pub value: String,
    /// In words.
    pub label: String,
    /// How many of its rooms a meter serves by that loop.
    pub rooms: i64,
    /// The page of the room, if it is one.
    pub room_href: Option<String>,
    /// Site, buildings and floors; the room as well, if it is one.
    pub choices: Vec<Choice>,
}

impl ScopeView {
    /// # Errors
    /// [`WebError::NotFound`] without such a building, floor or room.
    pub async fn read(
        conn: &mut Connection,
        t: Lang,
        scope: Scope,
        of_loop: LoopId,
    ) -> Result<Self, WebError> {
        let floors = rooms::floors(conn).await?;
        let mut choices = choices(t, &floors);
        let value = scope.to_string();
        let mut room_href = None;
        if let Scope::Room(id) = &scope {
            let room = rooms::room(conn, id).await?.ok_or(WebError::NotFound)?;
            choices.push(Choice::new(value.clone(), t.room_title(&room.name)));
            room_href = Some(format!("/rooms/{id}"));
        }
        let label = choices.iter().find(|choice| choice.value == value).map(|choice| choice.label.clone());
        let label = label.ok_or(WebError::NotFound)?;
        let rooms = rooms_in(conn, &scope, of_loop).await?;
        Ok(Self { scope, value, label, rooms, room_href, choices })
    }
}

fn choices(t: Lang, floors: &[FloorRow]) -> Vec<Choice> {
    let mut choices = vec![Choice::new(Scope::Site.to_string(), t.scope_site())];
    let mut last = None;
    for floor in floors {
        if last != Some(&floor.building_id) {
            last = Some(&floor.building_id);
            let building = Scope::Building(floor.building_id.clone());
            choices.push(Choice::new(building.to_string(), t.scope_building(&floor.building_name)));
        }
        let label = t.room_place(&floor.building_name, &floor.name);
        choices.push(Choice::new(Scope::Floor(floor.id.clone()).to_string(), label));
    }
    choices
}
