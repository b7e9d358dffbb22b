//! The board, a room, and the installation.

pub mod board;
pub mod installation;
pub mod room;
pub mod steps;
