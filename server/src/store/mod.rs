//! SQL and nothing else: takes a connection, never commits, returns domain types.

pub mod audit;
pub mod board;
pub mod calendar;
pub mod closings;
pub mod departures;
pub mod equipment;
pub mod field;
pub mod first_steps;
pub mod households;
pub mod imports;
pub mod operations;
pub mod outlets;
pub mod people;
pub mod places;
pub mod readings;
pub mod sales;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod setup_links;
pub mod site;
pub mod supply_changes;
pub mod throttles;
pub mod transfers;
pub mod users;
