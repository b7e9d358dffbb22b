//! `/moves/list`: moving in by a list from a file: upload, look through, carry out.

mod list;
mod phrases;
mod upload;

pub use list::{get as get_list, post as post_list};
pub use phrases::file_problem;
pub use upload::{LARGEST_BODY, get as get_upload, get_template, parts, post as post_upload};
