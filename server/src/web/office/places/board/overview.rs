//! A card a building: how many rooms, and how many in each state, with links to them.

use domain::supply::RoomStatus;
use words::Lang;

use super::narrow::{BoardQuery, StateChip, each_state};
use crate::reads::places::board::BoardRoom;

/// A building.
pub(super) struct Card {
    /// To its rooms.
    pub(super) href: String,
    pub(super) name: String,
    pub(super) rooms: usize,
    /// States that rooms of it are in.
    pub(super) states: Vec<StateChip>,
}

/// The buildings that have rooms as asked for. Rooms come in the order of the house, so buildings are runs of them.
pub(super) fn cards(t: Lang, rooms: &[(RoomStatus, BoardRoom)], query: &BoardQuery) -> Vec<Card> {
    let runs = rooms.chunk_by(|(_, one), (_, next)| one.building_id == next.building_id);
    runs.filter_map(|run| card(t, run, query)).collect()
}

fn card(t: Lang, rooms: &[(RoomStatus, BoardRoom)], query: &BoardQuery) -> Option<Card> {
    let (_, first) = rooms.first()?;
    let id = first.building_id.as_str();
    let states: Vec<_> = each_state(t, rooms, id, query)
        .filter(|chip| chip.rooms > 0 && query.shows(chip.look.class))
        .collect();
    (!states.is_empty()).then(|| Card {
        href: BoardQuery::href(id, &query.state),
        name: first.building_name.clone(),
        rooms: rooms.len(),
        states,
    })
}
