//! One transaction: a line that is known to be silent, one request, one answer, one deadline.

use meter_core::modbus::pdu::Request;
use meter_core::modbus::{BROADCAST_UNIT, MAX_PDU};
use tokio::time::{Instant, timeout, timeout_at};

use super::answer::Answer;
use super::config::{LinkConfig, Transport};
use super::connector::BoxStream;
use super::drain::Drained;
use super::error::LinkError;
use super::link::{Line, Link};
use super::rtu::RtuLine;
use super::tcp::TcpLine;

impl Link {
    pub(super) async fn transact(&mut self, unit: u8, request: &Request<'_>) -> Result<Answer, LinkError> {
        check_request(unit, request)?;
        let mut line = self.silent_line().await?;
        // From here on an answer may be under way, even if this call is dropped in the middle: then the line goes
        // with it and the suspicion stays.
        let sent = Instant::now();
        self.suspect_until = Some(sent + self.config.quarantine);
        let outcome = timeout_at(sent + self.config.reply_timeout, line.exchange(unit, request)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(line.time_is_up()));
        if matches!(outcome, Ok(_) | Err(LinkError::Exception(_))) {
            self.suspect_until = None;
            self.line = Some(line);
        } else if line.may_be_used_again(&outcome) {
            self.line = Some(line);
        }
        outcome
    }

    /// Takes the line out of the link, silent and free of suspicion; makes a new connection if there is none or the
    /// peer has closed it meanwhile.
    async fn silent_line(&mut self) -> Result<Line, LinkError> {
        if let Some(mut line) = self.line.take() {
            let not_before = self.suspect_until.unwrap_or_else(Instant::now);
            match line.drain(&self.config, not_before).await {
                Drained::Silent => return Ok(line),
                Drained::Babble => return Err(LinkError::Babble),
                Drained::Gone(_) => {}
            }
        }
        let mut line = self.connect().await?;
        // A new connection may bring the answer to a request of whoever had the line before: ourselves, or a server
        // process that has died.
        let not_before = Instant::now() + self.config.quarantine;
        match line.drain(&self.config, not_before).await {
            Drained::Silent => Ok(line),
            Drained::Babble => Err(LinkError::Babble),
            Drained::Gone(error) => Err(LinkError::Unreachable(error.to_string())),
        }
    }

    async fn connect(&mut self) -> Result<Line, LinkError> {
        match timeout(self.config.connect_timeout, self.connector.open()).await {
            Err(_) => Err(LinkError::Unreachable("no connection in time".into())),
            Ok(Err(error)) => Err(LinkError::Unreachable(error.to_string())),
            Ok(Ok(stream)) => Ok(Line::new(self.transport, stream)),
        }
    }
}

impl Line {
    fn new(transport: Transport, stream: BoxStream) -> Self {
        match transport {
            Transport::ModbusTcp => Self::Tcp(TcpLine::new(stream)),
            Transport::RtuOverTcp => Self::Rtu(RtuLine::new(stream)),
        }
    }

    async fn drain(&mut self, config: &LinkConfig, not_before: Instant) -> Drained {
        let give_up = Instant::now() + config.drain_limit();
        match self {
            Self::Tcp(line) => line.drain(config, not_before, give_up).await,
            Self::Rtu(line) => line.drain(config, not_before, give_up).await,
        }
    }

    async fn exchange(&mut self, unit: u8, request: &Request<'_>) -> Result<Answer, LinkError> {
        match self {
            Self::Tcp(line) => line.exchange(unit, request).await,
            Self::Rtu(line) => line.exchange(unit, request).await,
        }
    }

    fn time_is_up(&self) -> LinkError {
        match self {
            Self::Tcp(_) => LinkError::Timeout,
            Self::Rtu(line) => line.time_is_up(),
        }
    }

    /// After a failure a serial line is drained and used on; a Modbus TCP connection is given up, as its client may be
    /// out of step with the stream.
    fn may_be_used_again(&self, outcome: &Result<Answer, LinkError>) -> bool {
        matches!(self, Self::Rtu(_)) && !matches!(outcome, Err(LinkError::Lost(_)))
    }
}

fn check_request(unit: u8, request: &Request<'_>) -> Result<(), LinkError> {
    if unit == BROADCAST_UNIT {
        return Err(LinkError::Invalid("nobody answers a broadcast"));
    }
    match request.encode(&mut [0; MAX_PDU]) {
        Some(_) => Ok(()),
        None => Err(LinkError::Invalid("a count that Modbus does not allow")),
    }
}
