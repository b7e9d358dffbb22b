//! Documents and tables. What is printed: typed contents that are frozen when a number is issued, one layout model, and two renderings of it
//! (PDF, and HTML for the browser's print). Pure: no SQL, no web, no clock.
//!
//! `content` (what a document says) → `sheets` (what stands where) → [`sheet::Sheet`] → `pdf`, or a template.

mod code;
pub mod content;
pub mod exports;
mod figures;
mod kind;
mod numerals;
pub mod parts;
pub mod pdf;
pub mod roster;
pub mod sheet;
mod sheets;

pub use code::DocumentKey;
pub use content::Document;
pub use kind::Kind;
pub use numerals::in_words;
pub use sheets::{Issue, sheet};
