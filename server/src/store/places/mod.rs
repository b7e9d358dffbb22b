//! The site, its buildings and rooms.

pub mod board;
pub mod first_steps;
pub mod rooms;
pub mod site;
