//! What is asked of meters, and setting them up.

pub mod acknowledge_reminder;
pub mod change_calendar;
pub mod change_second_loops;
pub mod change_settings;
pub mod collectors;
pub mod equipment;
pub mod read_now;
pub mod release_lockout;
pub mod restore_credit;
pub mod switch_supply;
pub mod watch_display;
