//! Why a transaction failed, and whether the slave may have acted all the same.

use std::borrow::Cow;

use meter_core::modbus::pdu::{Exception, ReplyError};

/// Why there is no answer that can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The request itself cannot be sent: broadcast unit, or a count that Modbus does not allow. Nothing was sent.
    #[error("not a request: {0}")]
    Invalid(&'static str),
    /// No connection to the collector. Nothing was sent.
    #[error("collector unreachable: {0}")]
    Unreachable(String),
    /// The line never falls silent, so no answer could be told from noise. Nothing was sent.
    #[error("the line is never silent")]
    Babble,
    /// The connection broke while the request was under way.
    #[error("connection lost: {0}")]
    Lost(String),
    /// Nothing came in time.
    #[error("no answer in time")]
    Timeout,
    /// The unit, or the gateway before it, refused.
    #[error("refused: {0}")]
    Exception(Exception),
    /// Something came in time, but not the answer to this request.
    #[error("bad reply: {0}")]
    BadReply(Cow<'static, str>),
}

impl LinkError {
    /// Whether the slave may have carried the request out although no proof of it came. Only reading back tells.
    #[must_use]
    pub const fn outcome_unknown(&self) -> bool {
        match self {
            Self::Invalid(_) | Self::Unreachable(_) | Self::Babble => false,
            Self::Lost(_) | Self::Timeout | Self::BadReply(_) => true,
            Self::Exception(exception) => !refused_before_acting(*exception),
        }
    }

    /// Whether the way to the collector failed, so that no unit behind it can be judged.
    #[must_use]
    pub const fn is_collector_failure(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Babble | Self::Lost(_))
    }
}

/// The exceptions by which a slave or gateway says that it has done nothing. The others (device failure, gateway target
/// silent, acknowledge, anything unknown) leave it open.
const fn refused_before_acting(exception: Exception) -> bool {
    matches!(
        exception,
        Exception::IllegalFunction
            | Exception::IllegalAddress
            | Exception::IllegalValue
            | Exception::DeviceBusy
            | Exception::GatewayPathUnavailable
    )
}

impl From<ReplyError> for LinkError {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::Exception(exception) => Self::Exception(exception),
            ReplyError::WrongFunction => Self::BadReply("the reply has another function code".into()),
            ReplyError::WrongLength => Self::BadReply("the reply has a wrong length".into()),
            ReplyError::WrongEcho => Self::BadReply("the reply echoes another request".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_refusal_or_an_unsent_request_is_a_known_outcome() {
        let known = [
            LinkError::Invalid("count"),
            LinkError::Unreachable(String::new()),
            LinkError::Babble,
            LinkError::Exception(Exception::IllegalValue),
            LinkError::Exception(Exception::GatewayPathUnavailable),
        ];
        let unknown = [
            LinkError::Lost(String::new()),
            LinkError::Timeout,
            LinkError::BadReply("length".into()),
            LinkError::Exception(Exception::GatewayTargetFailed),
            LinkError::Exception(Exception::DeviceFailure),
            LinkError::Exception(Exception::Other(0x42)),
        ];
        assert!(known.iter().all(|error| !error.outcome_unknown()));
        assert!(unknown.iter().all(LinkError::outcome_unknown));
    }
}
