//! A right as a guard.

use domain::actor::Actor;
use domain::rights::Action;

use super::OpError;

/// Whoever acts may do that.
///
/// # Errors
/// [`OpError::Forbidden`].
pub fn require(actor: &Actor, action: Action) -> Result<(), OpError> {
    if actor.may(action) { Ok(()) } else { Err(OpError::Forbidden) }
}
