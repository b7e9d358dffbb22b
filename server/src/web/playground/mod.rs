//! The demo's playground: what its visitors may do at a simulated room. They plug appliances in, press the meter's
//! button, and spoil the voltage; what follows from it the meter decides as in life.
//!
//! Outside the demo there is nothing behind it, and its address is not found.

mod card;

use std::str::FromStr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::RoomId;
use meter_core::settings::LoopId;
use serde::Deserialize;

pub use self::card::{PlaygroundCard, card};
use crate::ops::meters::read_now::read_now;
use crate::web::kit::error::WebError;
use crate::web::kit::forms::Form;
use crate::web::kit::page::go;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Something that can be plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// 1800 W, a resistor.
    Kettle,
    /// 600 W through a diode, as on its low setting.
    HairDryer,
    /// 1000 W behind a phase control.
    Heater,
    /// 90 W, a power supply.
    Computer,
    /// 6000 W in all, motors: more than a room's wires should bear.
    Machines,
}

impl Thing {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Kettle, Self::HairDryer, Self::Heater, Self::Computer, Self::Machines];

    /// As forms name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kettle => "kettle",
            Self::HairDryer => "hair-dryer",
            Self::Heater => "heater",
            Self::Computer => "computer",
            Self::Machines => "machines",
        }
    }
}

/// What the grid gives the room's meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grid {
    /// Its own wandering.
    Well,
    /// 160 V on every phase.
    Low,
    /// 275 V on every phase.
    High,
    /// Nothing on the third phase.
    PhaseLost,
}

impl Grid {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Well, Self::Low, Self::High, Self::PhaseLost];

    /// As forms name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Low => "low",
            Self::High => "high",
            Self::PhaseLost => "phase-lost",
        }
    }
}

/// Something that a visitor does. Done twice it is the same as once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Plugs a thing into a loop, beside what is there.
    Plug(LoopId, Thing),
    /// Unplugs all of a loop.
    Unplug(LoopId),
    /// Presses the room's button at its meter.
    Button,
    /// Changes what the grid gives the meter and all its rooms.
    Grid(Grid),
}

impl FromStr for Deed {
    type Err = WebError;

    fn from_str(text: &str) -> Result<Self, WebError> {
        let deed = match text.split(':').collect::<Vec<_>>()[..] {
            ["plug", of_loop, thing] => loop_named(of_loop)
                .zip(Thing::ALL.into_iter().find(|one| one.as_str() == thing))
                .map(|(of_loop, thing)| Self::Plug(of_loop, thing)),
            ["unplug", of_loop] => loop_named(of_loop).map(Self::Unplug),
            ["button"] => Some(Self::Button),
            ["grid", grid] => Grid::ALL.into_iter().find(|one| one.as_str() == grid).map(Self::Grid),
            _ => None,
        };
        deed.ok_or(WebError::BadRequest)
    }
}

const fn loop_name(of_loop: LoopId) -> &'static str {
    match of_loop {
        LoopId::Main => "main",
        LoopId::Second => "second",
    }
}

fn loop_named(name: &str) -> Option<LoopId> {
    [LoopId::Main, LoopId::Second].into_iter().find(|one| loop_name(*one) == name)
}

/// The simulated rooms.
pub trait Playground: Send + Sync {
    /// Does it; `false` when no simulated meter serves the room.
    fn carry_out(&self, room: &RoomId, deed: Deed) -> bool;

    /// What visitors have plugged into a loop of the room.
    fn plugged(&self, room: &RoomId, of_loop: LoopId) -> Vec<Thing>;
}

/// How handlers get at it: an extension of the router that only the demo has.
pub type Shared = Arc<dyn Playground>;

/// One of the card's buttons.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeedForm {
    deed: String,
}

/// `POST /rooms/{id}/demo`.
///
/// # Errors
/// Not found outside the demo, and for rooms that no simulated meter serves.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    playground: Option<Extension<Shared>>,
    Path(id): Path<RoomId>,
    Form(form): Form<DeedForm>,
) -> Result<Response, WebError> {
    visitor.actor()?;
    let Some(Extension(playground)) = playground.filter(|_| app.reach.demo) else {
        return Err(WebError::NotFound);
    };
    if !playground.carry_out(&id, form.deed.parse()?) {
        return Err(WebError::NotFound);
    }
    read_now(&app.ops);
    Ok(go(&format!("/rooms/{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_is_understood_and_nothing_else() {
        for thing in Thing::ALL {
            let text = format!("plug:second:{}", thing.as_str());
            assert_eq!(text.parse::<Deed>().ok(), Some(Deed::Plug(LoopId::Second, thing)));
        }
        for grid in Grid::ALL {
            assert_eq!(format!("grid:{}", grid.as_str()).parse::<Deed>().ok(), Some(Deed::Grid(grid)));
        }
        assert_eq!("unplug:main".parse::<Deed>().ok(), Some(Deed::Unplug(LoopId::Main)));
        assert_eq!("button".parse::<Deed>().ok(), Some(Deed::Button));
        for odd in ["", "plug", "plug:main", "plug:third:kettle", "plug:main:whale", "grid:gone", "button:x"]
        {
            assert!(odd.parse::<Deed>().is_err(), "{odd}");
        }
    }
}
