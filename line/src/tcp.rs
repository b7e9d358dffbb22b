//! Modbus TCP, on `tokio-modbus`.
//!
//! Read in its source (0.17): [`Client::call`] refuses a reply whose transaction id, unit or function is another,
//! and its decoder refuses a wrong protocol id and a PDU that is cut short or too long, without panicking. What it
//! does not do is done here: it clears only its own buffer, never the socket, so a half-read stray frame would
//! leave it out of step with the stream — we drain the socket through a second handle before each call; it fails
//! on a stale transaction id instead of skipping it (its issue 324) and would fail for ever — the owner gives the
//! connection up after every error; it compares neither counts nor echoes outside of debug assertions in its `Reader`
//! and `Writer` — they are not used, and [`check`] compares both; it takes an exception with any tail — so the bytes
//! it read are counted. It has no time-outs; the owner sets one.

use meter_core::modbus::pdu::{Exception, Request};
use meter_core::modbus::tcp::HEADER_LEN;
use tokio::time::Instant;
use tokio_modbus::client::{Client, Context, tcp};
use tokio_modbus::prelude::{ReadCode, ReadDeviceIdentificationResponse, Response, SlaveContext};
use tokio_modbus::{Error, Slave};

use super::answer::Answer;
use super::config::LinkConfig;
use super::connector::BoxStream;
use super::drain::{Drained, drain};
use super::error::LinkError;
use super::tap::Tap;

/// Bytes of an exception on the wire: header, function, code.
const EXCEPTION_FRAME: usize = HEADER_LEN + 2;
const ANOTHER: &str = "the reply answers another request";

/// A connection to a Modbus TCP gateway.
pub(super) struct TcpLine {
    tap: Tap,
    client: Context,
}

impl TcpLine {
    pub(super) fn new(stream: BoxStream) -> Self {
        let tap = Tap::new(stream);
        Self { client: tcp::attach(tap.clone()), tap }
    }

    pub(super) async fn drain(
        &mut self,
        config: &LinkConfig,
        not_before: Instant,
        give_up: Instant,
    ) -> Drained {
        drain(&mut self.tap, config.quiet, not_before, give_up).await
    }

    pub(super) async fn exchange(&mut self, unit: u8, request: &Request<'_>) -> Result<Answer, LinkError> {
        self.client.set_slave(Slave(unit));
        let request_to_send = to_client(request)?;
        self.tap.take_read();
        let reply = self.client.call(request_to_send).await.map_err(broken)?;
        match reply {
            Ok(response) => check(request, response).ok_or(LinkError::BadReply(ANOTHER.into())),
            Err(code) if self.tap.take_read() == EXCEPTION_FRAME => {
                Err(LinkError::Exception(Exception::from_code(code.into())))
            }
            Err(_) => Err(LinkError::BadReply("an exception of a wrong length".into())),
        }
    }
}

fn to_client(request: &Request<'_>) -> Result<tokio_modbus::Request<'static>, LinkError> {
    Ok(match *request {
        Request::ReadHolding { address, count } => {
            tokio_modbus::Request::ReadHoldingRegisters(address, count)
        }
        Request::ReadInput { address, count } => tokio_modbus::Request::ReadInputRegisters(address, count),
        Request::WriteRegisters { address, values } => {
            tokio_modbus::Request::WriteMultipleRegisters(address, values.iter().collect())
        }
        Request::ReadDeviceId { code, object } => {
            let code = ReadCode::try_from_value(code).ok_or(LinkError::Invalid("no such identification"))?;
            tokio_modbus::Request::ReadDeviceIdentification(code, object)
        }
    })
}

/// The answer, if the response is one to this very request: same function, count, address.
fn check(request: &Request<'_>, response: Response) -> Option<Answer> {
    match (*request, response) {
        (Request::ReadHolding { count, .. }, Response::ReadHoldingRegisters(registers))
        | (Request::ReadInput { count, .. }, Response::ReadInputRegisters(registers)) => {
            (registers.len() == usize::from(count)).then_some(Answer::Registers(registers))
        }
        (Request::WriteRegisters { address, values }, Response::WriteMultipleRegisters(echo, count)) => {
            (echo == address && usize::from(count) == values.len()).then_some(Answer::Written)
        }
        (Request::ReadDeviceId { code, .. }, Response::ReadDeviceIdentification(reply)) => {
            (reply.read_code.value() == code).then(|| identification(reply))
        }
        _ => None,
    }
}

fn identification(reply: ReadDeviceIdentificationResponse) -> Answer {
    let objects =
        reply.device_id_objects.into_iter().map(|object| (object.id, object.value.to_vec())).collect();
    Answer::Identification { objects, next: reply.more_follows.then_some(reply.next_object_id) }
}

/// Its errors, told apart as far as they can be: a reply that does not decode comes as an I/O error, too, and the end
/// of the stream as whatever error the operating system had last.
fn broken(error: Error) -> LinkError {
    use std::io::ErrorKind::{
        BrokenPipe, ConnectionReset, InvalidData, InvalidInput, TimedOut, UnexpectedEof,
    };
    match error {
        Error::Protocol(_) => LinkError::BadReply(ANOTHER.into()),
        Error::Transport(error) => match error.kind() {
            InvalidData | InvalidInput | UnexpectedEof => LinkError::BadReply(error.to_string().into()),
            BrokenPipe | ConnectionReset | TimedOut => LinkError::Lost(error.to_string()),
            _ => LinkError::Lost("the collector closed the connection".into()),
        },
    }
}
