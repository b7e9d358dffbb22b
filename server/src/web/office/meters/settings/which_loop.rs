//! Which of a household's loops a page is about, as addresses and forms say it.

use meter_core::settings::LoopId;

use crate::web::kit::error::WebError;

/// The loop of that name; the main one when none is named.
///
/// # Errors
/// [`WebError::NotFound`].
pub(super) fn named(name: &str) -> Result<LoopId, WebError> {
    match name {
        "" | "main" => Ok(LoopId::Main),
        "second" => Ok(LoopId::Second),
        _ => Err(WebError::NotFound),
    }
}

/// Its name.
pub(super) const fn name(id: LoopId) -> &'static str {
    match id {
        LoopId::Main => "main",
        LoopId::Second => "second",
    }
}
