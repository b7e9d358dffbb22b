//! What somebody may see: pages ask here and compute nothing, and none of them names the store.
//!
//! What is true of a room is asked through a [`scope`]: whoever has the rooms of their own tenancies can name no other.
//! The other modules list, by subject, what the office asks of the whole site; nothing in them writes.

pub mod allowance;
pub mod books;
pub mod desk;
pub mod kit;
pub mod meters;
pub mod moves;
pub mod papers;
pub mod people;
pub mod places;
pub mod plans;
pub mod reports;
pub mod room;
pub mod scope;
