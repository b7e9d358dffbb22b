//! The office's words, pure: money, months, tariffs, free electricity, the arithmetic of the books, supply, typed text, who
//! acts and what they may. No database, no web, no clock of its own.

pub mod actor;
pub mod allowance;
pub mod books;
pub mod clock;
pub mod health;
pub mod ids;
pub mod meter_kind;
pub mod money;
pub mod month;
pub mod observed;
pub mod recorded;
pub mod rights;
pub mod set;
pub mod settings;
pub mod supply;
pub mod tariff;
pub mod text;
mod word;

pub use word::UnknownWord;
