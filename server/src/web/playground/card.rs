//! The playground's card on a room's page.

use axum::Extension;
use domain::ids::RoomId;
use meter_core::settings::LoopId;
use words::Lang;

use super::{Grid, Shared, Thing, loop_name};
use crate::web::kit::state::AppState;

/// `room_demo.html`.
pub struct PlaygroundCard {
    /// What can be done.
    pub rows: Vec<Row>,
}

/// Buttons for one place.
pub struct Row {
    /// The place.
    pub name: &'static str,
    /// What is plugged in there, if something can be.
    pub plugged: Option<String>,
    /// What a button sends and says.
    pub buttons: Vec<(String, &'static str)>,
}

/// The card for a room; `None` outside the demo.
#[must_use]
pub fn card(
    app: &AppState,
    playground: Option<Extension<Shared>>,
    t: Lang,
    room: &RoomId,
    second_loop: bool,
) -> Option<PlaygroundCard> {
    let Extension(playground) = playground.filter(|_| app.reach.demo)?;
    let loops = if second_loop { vec![LoopId::Main, LoopId::Second] } else { vec![LoopId::Main] };
    let mut rows: Vec<_> =
        loops.into_iter().map(|of_loop| sockets(t, of_loop, &playground.plugged(room, of_loop))).collect();
    let button = vec![("button".to_owned(), t.demo_button())];
    rows.push(Row { name: t.demo_at_the_meter(), plugged: None, buttons: button });
    let grid = Grid::ALL.map(|grid| (format!("grid:{}", grid.as_str()), grid_word(t, grid)));
    rows.push(Row { name: t.demo_grid(), plugged: None, buttons: grid.to_vec() });
    Some(PlaygroundCard { rows })
}

fn sockets(t: Lang, of_loop: LoopId, plugged: &[Thing]) -> Row {
    let name = match of_loop {
        LoopId::Main => t.demo_sockets_main(),
        LoopId::Second => t.demo_sockets_second(),
    };
    let words: Vec<_> = plugged.iter().map(|thing| thing_words(t, *thing)).collect();
    let plugged = if words.is_empty() { t.demo_nothing().to_owned() } else { words.join(t.list_separator()) };
    let plug =
        |thing: Thing| (format!("plug:{}:{}", loop_name(of_loop), thing.as_str()), thing_words(t, thing));
    let mut buttons: Vec<_> = Thing::ALL.into_iter().map(plug).collect();
    buttons.push((format!("unplug:{}", loop_name(of_loop)), t.demo_unplug()));
    Row { name, plugged: Some(t.demo_plugged(plugged)), buttons }
}

const fn thing_words(t: Lang, thing: Thing) -> &'static str {
    match thing {
        Thing::Kettle => t.demo_kettle(),
        Thing::HairDryer => t.demo_hair_dryer(),
        Thing::Heater => t.demo_heater(),
        Thing::Computer => t.demo_computer(),
        Thing::Machines => t.demo_machines(),
    }
}

const fn grid_word(t: Lang, grid: Grid) -> &'static str {
    match grid {
        Grid::Well => t.demo_grid_well(),
        Grid::Low => t.demo_grid_low(),
        Grid::High => t.demo_grid_high(),
        Grid::PhaseLost => t.demo_grid_phase_lost(),
    }
}
