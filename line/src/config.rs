//! What a link must know of the line it drives: framing and times.

use std::str::FromStr;
use std::time::Duration;

/// How a collector carries Modbus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// A Modbus TCP gateway: transaction ids tell answers apart.
    ModbusTcp,
    /// A transparent serial server: raw RTU frames through TCP.
    RtuOverTcp,
}

/// A transport's name that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown transport {0:?}")]
pub struct UnknownTransport(pub String);

impl Transport {
    /// As stored in a collector's row.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModbusTcp => "modbus-tcp",
            Self::RtuOverTcp => "rtu-over-tcp",
        }
    }
}

impl FromStr for Transport {
    type Err = UnknownTransport;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::ModbusTcp, Self::RtuOverTcp]
            .into_iter()
            .find(|transport| transport.as_str() == text)
            .ok_or_else(|| UnknownTransport(text.to_owned()))
    }
}

/// The times of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkConfig {
    /// From the first byte of a request to the last of its answer.
    pub reply_timeout: Duration,
    /// For a connection to the collector to be made.
    pub connect_timeout: Duration,
    /// The silence that must be seen before a request: 3.5 characters on the wire, and what a gateway adds.
    pub quiet: Duration,
    /// After a request whose answer did not come or was not right: how long after it no other may be sent. On a
    /// serial line at least the slaves' longest answer time, as nothing else keeps a late answer from passing for
    /// the next one. Zero on Modbus TCP, where the connection is given up instead.
    pub quarantine: Duration,
}

impl LinkConfig {
    /// Times that suit 9600 baud behind a gateway on the LAN.
    #[must_use]
    pub const fn usual(transport: Transport) -> Self {
        let (quiet_ms, quarantine_ms) = match transport {
            Transport::ModbusTcp => (2, 0),
            Transport::RtuOverTcp => (20, 2_000),
        };
        Self {
            reply_timeout: Duration::from_millis(1_000),
            connect_timeout: Duration::from_millis(3_000),
            quiet: Duration::from_millis(quiet_ms),
            quarantine: Duration::from_millis(quarantine_ms),
        }
    }

    /// The longest that draining may take before a line that never falls silent is given up.
    pub(super) fn drain_limit(&self) -> Duration {
        self.quarantine + self.quiet + self.reply_timeout
    }

    /// The longest that any call can take: connecting, draining (twice, if the first finds the peer gone), and the
    /// exchange itself.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.connect_timeout + self.drain_limit() * 2 + self.reply_timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_round_trip() {
        for transport in [Transport::ModbusTcp, Transport::RtuOverTcp] {
            assert_eq!(transport.as_str().parse(), Ok(transport));
        }
        assert_eq!("serial".parse::<Transport>(), Err(UnknownTransport("serial".into())));
    }
}
