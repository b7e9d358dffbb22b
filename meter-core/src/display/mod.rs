//! The meter's display: pages of four lines of twenty ASCII characters, and what is shown when.

mod page;
mod pages;
mod screen;
#[cfg(test)]
mod tests;

pub use page::{COLUMNS, LINES, Page};
pub use pages::{DETAIL_PAGES, detail, meter_page, overview};
pub use screen::Screen;
