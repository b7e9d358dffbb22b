//! Equipment and what it said: collectors, meters, outlets, readings, settings.

pub mod calendar;
pub mod closings;
pub mod details;
pub mod displays;
pub mod equipment;
pub mod events;
pub mod field;
pub mod hourly;
pub mod households;
pub mod kinds;
pub mod memory_losses;
pub mod outlets;
pub mod readings;
pub mod second_loops;
pub mod settings;
pub mod supply_changes;
