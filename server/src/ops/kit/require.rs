//! A right as a guard.

use domain::actor::Actor;
use domain::rights::{Action, may};

use super::OpError;

/// Whoever acts may do that.
///
/// # Errors
/// [`OpError::Forbidden`].
pub fn require(actor: &Actor, action: Action) -> Result<(), OpError> {
    if may(actor.role, action) { Ok(()) } else { Err(OpError::Forbidden) }
}
