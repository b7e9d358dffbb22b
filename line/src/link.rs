//! A link to a collector: one connection, reconnected as needed, and the requests that go over it.

use meter_core::modbus::pdu::{RegisterBytes, Request};
use tokio::time::Instant;

use super::answer::Answer;
use super::config::{LinkConfig, Transport};
use super::connector::Connector;
use super::error::LinkError;
use super::rtu::RtuLine;
use super::tcp::TcpLine;

/// One connection to a collector and the unit ids behind it. Connects when first used and again when it must.
pub struct Link {
    pub(super) transport: Transport,
    pub(super) connector: Connector,
    pub(super) config: LinkConfig,
    pub(super) line: Option<Line>,
    /// Until when an answer to an earlier request may still come.
    pub(super) suspect_until: Option<Instant>,
}

pub(super) enum Line {
    Tcp(TcpLine),
    Rtu(RtuLine),
}

impl Link {
    /// A link to `address` (`host:port`); nothing is sent yet.
    #[must_use]
    pub fn new(transport: Transport, address: String, config: LinkConfig) -> Self {
        Self::over(transport, Connector::tcp(address), config)
    }

    /// A link over any stream of bytes.
    #[must_use]
    pub fn over(transport: Transport, connector: Connector, config: LinkConfig) -> Self {
        Self { transport, connector, config, line: None, suspect_until: None }
    }

    /// Reads `count` (1..=125) holding registers from `address`: function 03.
    ///
    /// # Errors
    /// [`LinkError`]; no value is returned but the whole right answer to this very request.
    pub async fn read(&mut self, unit: u8, address: u16, count: u16) -> Result<Vec<u16>, LinkError> {
        match self.transact(unit, &Request::ReadHolding { address, count }).await? {
            Answer::Registers(registers) => Ok(registers),
            _ => Err(LinkError::BadReply("the reply is of another kind".into())),
        }
    }

    /// Writes `values` (1..=123 registers) from `address`: function 16. `Ok` means that the echo was right, so the
    /// slave took the request; what it made of it must be read back.
    ///
    /// # Errors
    /// [`LinkError`]; see [`LinkError::outcome_unknown`].
    pub async fn write(&mut self, unit: u8, address: u16, values: &[u16]) -> Result<(), LinkError> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
        let values = RegisterBytes::new(&bytes).ok_or(LinkError::Invalid("half a register"))?;
        match self.transact(unit, &Request::WriteRegisters { address, values }).await? {
            Answer::Written => Ok(()),
            _ => Err(LinkError::BadReply("the reply is of another kind".into())),
        }
    }
}
