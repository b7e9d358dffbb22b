//! Tables that leave the house as files: one description of a table, written as Excel and as CSV, on the same ground as
//! the page shows it. Every export goes through here, because here no cell becomes a formula.

pub mod csv;
pub mod excel;
mod guard;
mod table;

pub use table::{Cell, Column, Row, Table, Unit};
