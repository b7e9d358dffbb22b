//! `/moves/graduation`: many residents leave at once: chosen by building, floor or list, looked over, carried out as a job.

mod accounts;
mod bulk;
mod choose;
mod files;
mod pick;
mod refunds;
mod run;

pub use accounts::post as post_accounts;
pub use bulk::post as post_refunds;
pub use choose::{get, post};
pub use files::{get_exceptions, get_refunds};
pub use run::{get as get_run, post as post_run};

use std::collections::HashMap;

/// The fields of the form, by name: `building-<id>` and `floor-<id>` are ticked.
type Typed = HashMap<String, String>;

fn typed<'a>(form: &'a Typed, field: &str) -> &'a str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}
