//! A stored word that this program does not know.

/// A text that names none of the things it should name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {text:?}")]
pub struct UnknownWord {
    what: &'static str,
    text: String,
}

impl UnknownWord {
    /// `text` is no `what`.
    #[must_use]
    pub fn new(what: &'static str, text: impl Into<String>) -> Self {
        Self { what, text: text.into() }
    }
}
