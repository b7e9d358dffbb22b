//! `/`: the room board: building, floor, tiles.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use meter_core::registers::HouseholdState;
use meter_core::relay::Reasons;
use serde::Deserialize;

use crate::ops::policy::{Action, may};
use crate::store::board::{self, BoardRoom};
use crate::store::first_steps;
use crate::supply::{RoomStatus, reasons};
use crate::web::error::WebError;
use crate::web::format::Format;
use crate::web::forms::Query;
use crate::web::i18n::Lang;
use crate::web::next::encode;
use crate::web::page::{Page, show};
use crate::web::reasons::{of_protection, reason_words};
use crate::web::state::AppState;
use crate::web::status::{self, Look, look};
use crate::web::steps::{Step, steps};
use crate::web::visitor::Visitor;

/// `board.html`.
#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    t: Lang,
    page: Page,
    f: Format,
    rooms: usize,
    /// Shown until the installation is complete, to those who can complete it.
    steps: Vec<Step>,
    buildings: Vec<Chip>,
    states: Vec<StateChip>,
    floors: Vec<Floor>,
}

/// A link that narrows the board.
struct Chip {
    href: String,
    label: String,
    current: bool,
}

/// A link that narrows the board to a state.
struct StateChip {
    href: String,
    look: Look,
    rooms: usize,
    current: bool,
}

/// A floor and its tiles.
struct Floor {
    /// Named where another building begins.
    building: Option<String>,
    name: String,
    tiles: Vec<Tile>,
}

/// A room's tile.
struct Tile {
    room: BoardRoom,
    look: Look,
    /// What protection has against it; empty when nothing.
    why: String,
}

impl Tile {
    fn new(t: Lang, status: RoomStatus, room: BoardRoom, look: Look) -> Self {
        let why = match status {
            RoomStatus::LockedOut | RoomStatus::Tripped => why(t, &room),
            _ => String::new(),
        };
        Self { room, look, why }
    }
}

/// What protection has against either loop, but for that it is locked out: the state says so.
fn why(t: Lang, room: &BoardRoom) -> String {
    let has_second = room.flags.unwrap_or(0) & i64::from(HouseholdState::SECOND_LOOP) != 0;
    let second = room.second_reasons.filter(|_| has_second).unwrap_or(0);
    let both = reasons(room.open_reasons.unwrap_or(0)).with(reasons(second));
    reason_words(t, of_protection(both).without(Reasons::LOCKED_OUT))
}

/// What narrows the board.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BoardQuery {
    building: String,
    state: String,
}

impl BoardQuery {
    fn href(building: &str, state: &str) -> String {
        let pairs = [("building", building), ("state", state)];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query: Vec<_> =
            given.into_iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        if query.is_empty() { "/".to_owned() } else { format!("/?{}", query.join("&")) }
    }
}

/// `GET /`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<BoardQuery>,
) -> Result<Response, WebError> {
    let mut conn = app.db.read().await?;
    let all = board::rooms(&mut conn).await?;
    let may_install = may(visitor.actor()?.role, Action::Install);
    let steps =
        if may_install { steps(visitor.lang, &first_steps::done(&mut conn).await?) } else { Vec::new() };
    drop(conn);
    let t = visitor.lang;
    let low_wh = visitor.site.as_ref().map_or(0, |site| site.low_credit_wh);
    let buildings = building_chips(t, &all, &query);
    let in_building: Vec<_> = all
        .into_iter()
        .filter(|room| query.building.is_empty() || room.building_id.as_str() == query.building)
        .map(|room| (room.status(low_wh), room))
        .collect();
    show(&BoardPage {
        t,
        page: Page::new(&app, &visitor, t.board_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        rooms: in_building.len(),
        steps: if steps.iter().all(|step| step.done) { Vec::new() } else { steps },
        buildings,
        states: state_chips(t, &in_building, &query),
        floors: floors(t, in_building, &query.state),
    })
}

fn building_chips(t: Lang, rooms: &[BoardRoom], query: &BoardQuery) -> Vec<Chip> {
    let mut chips = vec![Chip {
        href: BoardQuery::href("", &query.state),
        label: t.board_all_buildings().to_owned(),
        current: query.building.is_empty(),
    }];
    let mut last = None;
    for room in rooms {
        if last == Some(&room.building_id) {
            continue;
        }
        last = Some(&room.building_id);
        chips.push(Chip {
            href: BoardQuery::href(room.building_id.as_str(), &query.state),
            label: room.building_name.clone(),
            current: room.building_id.as_str() == query.building,
        });
    }
    if chips.len() > 2 { chips } else { Vec::new() }
}

fn state_chips(t: Lang, rooms: &[(RoomStatus, BoardRoom)], query: &BoardQuery) -> Vec<StateChip> {
    let all = Look { class: "", icon: "rooms", word: t.board_all() };
    let mut chips = vec![StateChip {
        href: BoardQuery::href(&query.building, ""),
        look: all,
        rooms: rooms.len(),
        current: query.state.is_empty(),
    }];
    for state in status::ALL {
        let look = look(t, state);
        let count = rooms.iter().filter(|(status, _)| *status == state).count();
        let current = query.state == look.class;
        if count > 0 || current {
            let href = BoardQuery::href(&query.building, look.class);
            chips.push(StateChip { href, look, rooms: count, current });
        }
    }
    chips
}

/// The rooms come in the order of the house, so floors and buildings are runs of them.
fn floors(t: Lang, rooms: Vec<(RoomStatus, BoardRoom)>, state: &str) -> Vec<Floor> {
    let mut floors: Vec<Floor> = Vec::new();
    let (mut building, mut floor) = (None, None);
    for (status, room) in rooms {
        let look = look(t, status);
        if !state.is_empty() && look.class != state {
            continue;
        }
        if floor.as_ref() != Some(&room.floor_id) {
            let begins = building.as_ref() != Some(&room.building_id);
            building = Some(room.building_id.clone());
            floor = Some(room.floor_id.clone());
            let named = begins.then(|| room.building_name.clone());
            floors.push(Floor { building: named, name: room.floor_name.clone(), tiles: Vec::new() });
        }
        if let Some(floor) = floors.last_mut() {
            floor.tiles.push(Tile::new(t, status, room, look));
        }
    }
    floors
}
