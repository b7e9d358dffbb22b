//! What keeps a meter or collector from serving, as a code that pages can translate and details for whoever mends it.

use std::borrow::Cow;

use line::LinkError;

/// The command was refused by the meter.
pub(super) const REFUSED: &str = "refused";
/// Something answers that is no meter of ours, or has another register map.
pub(super) const NOT_A_METER: &str = "not-a-meter";

/// There is no driver for a meter of its kind.
pub(super) const NO_DRIVER: &str = "no-driver";
/// A setting cannot be sent: its generations are used up.
pub(super) const EXHAUSTED: &str = "settings-exhausted";
/// What was to be read is no block of the register map.
pub(super) const NO_SUCH_BLOCK: LinkError = LinkError::Invalid("no such block");
/// What was read is nothing that a meter of ours holds.
pub(super) const NOT_A_BLOCK: LinkError = LinkError::BadReply(Cow::Borrowed("not a block of its kind"));

/// `code` or `code: details`. The codes: `unreachable`, `line-busy`, `connection-lost`, `no-answer`, `exception`,
/// `bad-reply`, `wrong-meter`, `not-a-meter`, `refused`, `settings-exhausted`, `no-driver`.
pub(super) fn of_link(error: &LinkError) -> String {
    match error {
        LinkError::Invalid(what) => text("bad-reply", what),
        LinkError::Unreachable(why) => text("unreachable", why),
        LinkError::Babble => "line-busy".to_owned(),
        LinkError::Lost(why) => text("connection-lost", why),
        LinkError::Timeout => "no-answer".to_owned(),
        LinkError::Exception(exception) => text("exception", &exception.to_string()),
        LinkError::BadReply(why) => text("bad-reply", why),
    }
}

/// A code with its details.
pub(super) fn text(code: &str, details: &str) -> String {
    format!("{code}: {details}")
}
