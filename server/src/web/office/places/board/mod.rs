//! `/`: the room board: building, floor, tiles; where there are too many rooms for that, a card a building.

mod narrow;
mod overview;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::BuildingId;
use domain::observed::{OpenReason, Sign};
use domain::rights::Action;
use domain::supply::RoomStatus;
use words::Lang;

pub use self::narrow::BoardQuery;
use self::narrow::{StateChip, each_state};
use self::overview::{Card, cards};
use crate::reads::places::board::{self, BoardRoom};
use crate::reads::places::first_steps;
use crate::reads::places::rooms::{self, Building};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::reasons::{of_protection, reason_words};
use crate::web::kit::state::AppState;
use crate::web::kit::status::{Look, look};
use crate::web::kit::visitor::Visitor;
use crate::web::office::places::steps::{Step, steps};

/// `board.html`.
#[derive(Template)]
#[template(path = "office/places/board.html")]
struct BoardPage {
    t: Lang,
    page: Page,
    f: Format,
    rooms: usize,
    /// Shown until the installation is complete, to those who can complete it.
    steps: Vec<Step>,
    buildings: Vec<Chip>,
    states: Vec<StateChip>,
    /// Instead of floors, where there are more rooms than anybody can look over.
    cards: Vec<Card>,
    floors: Vec<Floor>,
}

/// The most rooms of several buildings that are shown as tiles.
const MOST_TILES: usize = 1_500;

/// A link that narrows the board.
struct Chip {
    href: String,
    label: String,
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
    let has_second = room.signs.is_some_and(|signs| signs.has(Sign::SecondLoop));
    let second = room.second_reasons.filter(|_| has_second).unwrap_or_default();
    let both = room.open_reasons.unwrap_or_default().or(second);
    reason_words(t, of_protection(both).without(OpenReason::LockedOut))
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
    let houses = rooms::buildings(&mut conn).await?;
    let building = Some(BuildingId(query.building.clone())).filter(|id| !id.as_str().is_empty());
    let rooms = board::rooms(&mut conn, building.as_ref()).await?;
    let may_install = visitor.actor()?.may(Action::SetUpSite);
    let steps =
        if may_install { steps(visitor.lang, &first_steps::done(&mut conn).await?) } else { Vec::new() };
    drop(conn);
    let t = visitor.lang;
    let low_wh = visitor.site.as_ref().map_or(0, |site| site.low_credit_wh);
    let buildings = building_chips(t, &houses, &query);
    let rooms: Vec<_> = rooms.into_iter().map(|room| (room.status(low_wh), room)).collect();
    let states = state_chips(t, &rooms, &query);
    let shown = states.iter().find(|chip| chip.current).map_or(0, |chip| chip.rooms);
    let is_overview = building.is_none() && houses.len() > 1 && shown > MOST_TILES;
    let count = rooms.len();
    let (cards, floors) = if is_overview {
        (cards(t, &rooms, &query), Vec::new())
    } else {
        (Vec::new(), floors(t, rooms, &query))
    };
    show(&BoardPage {
        t,
        page: Page::new(&app, &visitor, t.board_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        rooms: count,
        steps: if steps.iter().all(|step| step.done) { Vec::new() } else { steps },
        buildings,
        states,
        cards,
        floors,
    })
}

fn building_chips(t: Lang, houses: &[Building], query: &BoardQuery) -> Vec<Chip> {
    let mut chips = vec![Chip {
        href: BoardQuery::href("", &query.state),
        label: t.board_all_buildings().to_owned(),
        current: query.building.is_empty(),
    }];
    chips.extend(houses.iter().filter(|house| house.rooms > 0).map(|house| Chip {
        href: BoardQuery::href(house.id.as_str(), &query.state),
        label: house.name.clone(),
        current: house.id.as_str() == query.building,
    }));
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
    chips.extend(each_state(t, rooms, &query.building, query).filter(|chip| chip.rooms > 0 || chip.current));
    chips
}

/// The rooms come in the order of the house, so floors and buildings are runs of them.
fn floors(t: Lang, rooms: Vec<(RoomStatus, BoardRoom)>, query: &BoardQuery) -> Vec<Floor> {
    let mut floors: Vec<Floor> = Vec::new();
    let (mut building, mut floor) = (None, None);
    for (status, room) in rooms {
        let look = look(t, status);
        if !query.shows(look.class) {
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
