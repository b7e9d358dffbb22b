//! A meter as it was read, or why it was not.

use line::LinkError;

/// A meter as it was read.
#[derive(Clone, Debug)]
pub struct Reading<S> {
    /// As its driver understands it.
    pub seen: S,
    /// When, site time: as close to the reading of its clock as can be.
    pub read_ms: i64,
}

/// Why nothing was read of a meter.
#[derive(Clone, Debug)]
pub enum Unread {
    /// Another meter answered, of that serial number: nothing is sent, nothing is written.
    WrongMeter(u64),
    /// Something answered that is no meter of this kind.
    NotAMeter,
    /// No answer that can be trusted.
    Silent(LinkError),
}

impl From<LinkError> for Unread {
    fn from(error: LinkError) -> Self {
        Self::Silent(error)
    }
}
