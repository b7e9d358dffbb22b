//! What the office sees of places: the site, buildings, rooms.

/// The room board.
pub mod board {
    pub use crate::store::places::board::{BoardRoom, rooms};
}

/// How far an installation has come from nothing to its first sale.
pub mod first_steps {
    pub use crate::store::places::first_steps::{Done, done};
}

/// Buildings, floors and rooms.
pub mod rooms {
    pub use crate::store::places::rooms::{
        Building, FloorRow, Room, buildings, floors, room, rooms_without_meter, vacant_rooms,
    };
}

/// The site.
pub mod site {
    pub use crate::store::places::site::{Site, get};
}
