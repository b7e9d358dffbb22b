//! `/prices`: groups of rooms and what they pay, from when on.

mod words;

pub use self::words::{piece_words, step_words, tariff_words};
