//! The strict link: a Modbus master that never takes a wrong answer for a right one.
//!
//! A line that loses, delays, doubles or bends answers makes an ordinary master return the answer to another
//! request, or believe a write that never happened. So, over both transports: one request in flight; what still
//! lies in the transport is drained before each request; every answer is checked for length, unit, function, byte
//! count and echo; whatever goes wrong makes the line *suspect* until nothing of the old request can come any more
//! (quarantine on a serial line, a new connection on Modbus TCP); and one deadline holds for the whole transaction.
//! A dropped call leaves the line suspect as well, because suspicion is noted before the first byte leaves.
//!
//! A confirmed write still means only "the echo was right": reading back is the caller's.

mod config;
mod connector;
mod drain;
mod error;
mod identity;
mod rtu;
mod tap;
mod tcp;
mod transaction;

pub use config::{LinkConfig, Transport, UnknownTransport};
pub use connector::{ByteStream, Connector};
pub use error::LinkError;
pub use identity::Identity;

use meter_core::modbus::pdu::{RegisterBytes, Request};
use tokio::time::Instant;

use self::rtu::RtuLine;
use self::tcp::TcpLine;
use self::transaction::Answer;

/// One connection to a collector and the unit ids behind it. Connects when first used and again when it must.
pub struct Link {
    transport: Transport,
    connector: Connector,
    config: LinkConfig,
    line: Option<Line>,
    /// Until when an answer to an earlier request may still come.
    suspect_until: Option<Instant>,
}

enum Line {
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

    /// Vendor, product code and revision of a unit: function 43/14, basic objects.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn identify(&mut self, unit: u8) -> Result<Identity, LinkError> {
        identity::read(self, unit).await
    }
}
