//! What was typed on the page of a departure: its forms are read by the names of their fields.

use std::collections::HashMap;

/// The fields of whatever form was posted, by name.
pub(super) type Typed = HashMap<String, String>;

/// A field, trimmed; empty when it was not sent.
pub(super) fn typed<'a>(form: &'a Typed, field: &str) -> &'a str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}
