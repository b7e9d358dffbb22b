//! Setting up the site, its buildings and rooms.

pub mod rooms;
pub mod site;
