//! The form that prints many documents at once.

use serde::Deserialize;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BatchForm {
    pub(super) key: String,
    pub(super) from: String,
    pub(super) to: String,
    /// Instead of both: ranges, as another page lists them.
    pub(super) numbers: String,
    pub(super) what: String,
}
