//! What narrows the board: a building, a state; and the links that do so.

use domain::supply::RoomStatus;
use serde::Deserialize;
use words::Lang;

use crate::reads::places::board::BoardRoom;
use crate::web::kit::next::encode;
use crate::web::kit::status::{self, Look, look};

/// What narrows the board.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BoardQuery {
    pub(super) building: String,
    pub(super) state: String,
}

impl BoardQuery {
    /// Whether rooms that look like that are asked for.
    pub(super) fn shows(&self, class: &str) -> bool {
        self.state.is_empty() || self.state == class
    }

    pub(super) fn href(building: &str, state: &str) -> String {
        let pairs = [("building", building), ("state", state)];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query: Vec<_> =
            given.into_iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        if query.is_empty() { "/".to_owned() } else { format!("/?{}", query.join("&")) }
    }
}

/// A link that narrows the board to a state.
pub(super) struct StateChip {
    pub(super) href: String,
    pub(super) look: Look,
    pub(super) rooms: usize,
    pub(super) current: bool,
}

/// How many of the rooms are in each state, with links to those of the building.
pub(super) fn each_state(
    t: Lang,
    rooms: &[(RoomStatus, BoardRoom)],
    building: &str,
    query: &BoardQuery,
) -> impl Iterator<Item = StateChip> {
    status::ALL.into_iter().map(move |state| {
        let look = look(t, state);
        StateChip {
            href: BoardQuery::href(building, look.class),
            look,
            rooms: rooms.iter().filter(|(status, _)| *status == state).count(),
            current: query.state == look.class,
        }
    })
}
