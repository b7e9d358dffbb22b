//! Texts: room.
