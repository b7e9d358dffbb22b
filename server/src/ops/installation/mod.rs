//! Setting up the installation: the site and its prices, places, collectors and meters.

mod equipment;
mod places;
mod site;

pub use equipment::{
    AddMeter, Assign, CollectorForm, OUTLETS, add_collector, add_meter, assign_room, change_collector,
};
pub use places::{AddRooms, add_building, add_rooms, room_names};
pub use site::{SetPrice, SiteForm, set_price, set_up_site};
