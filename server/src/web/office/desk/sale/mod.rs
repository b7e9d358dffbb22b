//! A sale to a room, in three steps: `form` asks, `preview` shows what will be credited, `confirm` makes it.

pub mod confirm;
pub mod form;
mod payment;
pub mod preview;
pub mod terms;

pub use payment::{channel_name, channels};
pub use terms::number_words;
