//! Sheets set on pages and written as PDF. The same sheets give the same bytes: no clock, no chance, and fonts from
//! inside the program.

mod blocks;
mod composer;
mod fonts;
mod marks;
mod table;
mod wrap;
mod writer;

pub use fonts::missing;
pub use writer::{PdfError, length_mm, pdf};
