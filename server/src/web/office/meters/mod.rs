//! Equipment, what meters recorded, and what is asked of them.

pub mod collector;
pub mod display;
pub mod equipment;
pub mod event_evidence;
pub mod event_words;
pub mod lockout;
pub mod meter;
pub mod meter_events;
pub mod meter_new;
pub mod reminder;
pub mod restore;
pub mod second_loops;
pub mod settings;
pub mod supply;
