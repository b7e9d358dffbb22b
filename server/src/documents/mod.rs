//! What is printed: typed contents that are frozen when a number is issued, one layout model, and two renderings of it
//! (PDF, and HTML for the browser's print). Pure: no SQL, no web, no clock.

pub mod content;
mod kind;
mod language;
pub mod parts;

pub use content::Document;
pub use kind::Kind;
pub use language::Language;
