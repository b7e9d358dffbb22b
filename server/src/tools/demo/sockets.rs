//! The sockets of the demo's rooms: what visitors plug in is drawn through the simulated meters, and seen by their
//! detectors.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ids::RoomId;
use meter_core::settings::LoopId;
use simulator::campus::Campus;
use simulator::load::{Device, Shape};
use simulator::meter::VirtualMeter;

use super::plan::Served;
use crate::web::playground::{Deed, Grid, Playground, Thing};

/// Every room that a simulated meter serves.
pub struct Sockets {
    campus: Campus,
    places: HashMap<RoomId, Served>,
    plugged: Mutex<HashMap<(RoomId, LoopId), Vec<Thing>>>,
}

impl Sockets {
    /// With nothing plugged in.
    pub fn new(campus: Campus, places: &[Served]) -> Self {
        let places = places.iter().map(|place| (place.room_id.clone(), place.clone())).collect();
        Self { campus, places, plugged: Mutex::default() }
    }

    fn plugs(&self) -> MutexGuard<'_, HashMap<(RoomId, LoopId), Vec<Thing>>> {
        self.plugged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Handles the room's meter; `None` when there is none.
    pub fn at<T>(&self, room: &RoomId, act: impl FnOnce(&mut VirtualMeter, &Served) -> T) -> Option<T> {
        let place = self.places.get(room)?;
        self.campus.lines().get(place.line)?.with_meter(place.unit, |meter| act(meter, place))
    }

    fn plug(&self, room: &RoomId, of_loop: LoopId, change: impl FnOnce(&mut Vec<Thing>)) -> bool {
        let mut plugs = self.plugs();
        let things = plugs.entry((room.clone(), of_loop)).or_default();
        change(things);
        let devices = things.iter().copied().map(device).collect();
        self.at(room, |meter, place| meter.plug_devices(place.position.into(), of_loop, devices)).is_some()
    }
}

impl Playground for Sockets {
    fn carry_out(&self, room: &RoomId, deed: Deed) -> bool {
        match deed {
            Deed::Plug(of_loop, thing) => self.plug(room, of_loop, |things| {
                if !things.contains(&thing) {
                    things.push(thing);
                }
            }),
            Deed::Unplug(of_loop) => self.plug(room, of_loop, Vec::clear),
            Deed::Button => self.at(room, |meter, place| meter.press_button(place.position)).is_some(),
            Deed::Grid(grid) => self.at(room, |meter, _| meter.set_voltage(voltage_v(grid))).is_some(),
        }
    }

    fn plugged(&self, room: &RoomId, of_loop: LoopId) -> Vec<Thing> {
        self.plugs().get(&(room.clone(), of_loop)).cloned().unwrap_or_default()
    }
}

const fn device(thing: Thing) -> Device {
    let (shape, power_w) = match thing {
        Thing::Kettle => (Shape::Resistor, 1800),
        Thing::HairDryer => (Shape::HalfWave, 600),
        Thing::Heater => (Shape::PhaseCut, 1000),
        Thing::Computer => (Shape::PowerSupply, 90),
        Thing::Machines => (Shape::Motor(0.85), 6000),
    };
    Device { shape, power_w }
}

const fn voltage_v(grid: Grid) -> Option<[f64; 3]> {
    match grid {
        Grid::Well => None,
        Grid::Low => Some([160.0; 3]),
        Grid::High => Some([275.0; 3]),
        Grid::PhaseLost => Some([230.0, 230.0, 0.0]),
    }
}
