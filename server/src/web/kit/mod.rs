//! What every page is made with, and the layers around them all.

pub mod address;
pub mod assets;
pub mod bars;
pub mod cookies;
pub mod error;
pub mod field;
pub mod format;
pub mod forms;
pub mod guard;
pub mod health;
pub mod icon;
pub mod moments;
pub mod next;
pub mod page;
pub mod period;
pub mod problem;
pub mod reasons;
pub mod security;
pub mod state;
pub mod status;
pub mod table_file;
pub mod visitor;
