//! A sale to a room, in three steps: `form` asks, `preview` shows what will be credited, `confirm` makes it.

pub mod confirm;
pub mod form;
pub mod preview;
pub mod terms;

pub use terms::number_words;
