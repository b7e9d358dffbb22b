//! A scripted slave at the other end of a link: says exactly the bytes, at exactly the times, that a test wants.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use line::{ByteStream, Connector, Link, LinkConfig, LinkError, Transport};
use meter_core::modbus::pdu::{Request, encode_registers, encode_write_echo};
use meter_core::modbus::splitter::RequestSplitter;
use meter_core::modbus::{rtu, tcp};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex, split};
use tokio::sync::Mutex as AsyncMutex;

pub const BOTH: [Transport; 2] = [Transport::ModbusTcp, Transport::RtuOverTcp];

/// Times of the tests' lines.
pub const REPLY_TIMEOUT: Duration = Duration::from_millis(100);
pub const QUIET: Duration = Duration::from_millis(5);
pub const LONGEST_ANSWER: Duration = Duration::from_millis(400);

pub fn config(transport: Transport) -> LinkConfig {
    let quarantine = match transport {
        Transport::ModbusTcp => Duration::ZERO,
        Transport::RtuOverTcp => LONGEST_ANSWER,
    };
    LinkConfig {
        reply_timeout: REPLY_TIMEOUT,
        connect_timeout: Duration::from_millis(200),
        quiet: QUIET,
        quarantine,
    }
}

/// What the peer does next.
#[derive(Clone, Debug)]
pub enum Act {
    Wait(Duration),
    Send(Vec<u8>),
    Close,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Counted from 0 over all connections.
    pub number: usize,
    pub unit: u8,
    pub pdu: Vec<u8>,
    /// The request frame as it was on the wire.
    pub frame: Vec<u8>,
    transaction: Option<u16>,
}

impl Heard {
    /// `pdu` framed as the reply to this request.
    pub fn reply(&self, pdu: &[u8]) -> Vec<u8> {
        self.reply_from(self.unit, pdu)
    }

    /// `pdu` framed as a reply of `unit`.
    pub fn reply_from(&self, unit: u8, pdu: &[u8]) -> Vec<u8> {
        framed(self.transaction, unit, pdu)
    }

    /// `pdu` framed as a reply to the request `back` requests earlier.
    pub fn stale_reply(&self, back: u16, pdu: &[u8]) -> Vec<u8> {
        framed(self.transaction.map(|transaction| transaction.wrapping_sub(back)), self.unit, pdu)
    }

    /// The PDU of the right answer: registers as [`register`] has them, or the echo.
    pub fn right_pdu(&self) -> Vec<u8> {
        self.pdu_with(register)
    }

    /// The PDU of the right answer, registers by `value` of their address.
    pub fn pdu_with(&self, value: impl Fn(u16) -> u16) -> Vec<u8> {
        let mut out = [0; 253];
        let length = match Request::decode(&self.pdu).unwrap() {
            Request::ReadHolding { address, count } => {
                encode_registers(3, (0..count).map(|index| value(address.wrapping_add(index))), &mut out)
            }
            Request::WriteRegisters { address, values } => {
                encode_write_echo(address, u16::try_from(values.len()).unwrap(), &mut out)
            }
            other => panic!("unexpected {other:?}"),
        };
        out[..length.unwrap()].to_vec()
    }

    pub fn right(&self) -> Vec<u8> {
        self.reply(&self.right_pdu())
    }
}

fn framed(transaction: Option<u16>, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let mut out = [0; 300];
    let length = match transaction {
        Some(transaction) => tcp::encode(tcp::Frame { transaction, unit, pdu }, &mut out),
        None => rtu::encode(unit, pdu, &mut out),
    };
    out[..length.unwrap()].to_vec()
}

/// What the peer's register at `address` holds: no two neighbours alike.
pub fn register(address: u16) -> u16 {
    address.wrapping_mul(31) ^ 0x5AA5
}

pub fn registers(address: u16, count: u16) -> Vec<u16> {
    (address..address + count).map(register).collect()
}

type Script = Arc<Mutex<dyn FnMut(&Heard) -> Vec<Act> + Send>>;

/// Where a slave's bytes go. On Modbus TCP each connection has its own; a serial line has one, and what it carries
/// goes to whoever is connected now.
type Ear = Arc<AsyncMutex<Option<Box<dyn AsyncWrite + Send + Unpin>>>>;

/// The slave's side; clones share the script, the counters and the serial line.
#[derive(Clone)]
pub struct Peer {
    transport: Transport,
    script: Script,
    serial_line: Ear,
    heard: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Peer {
    pub fn new(transport: Transport, script: impl FnMut(&Heard) -> Vec<Act> + Send + 'static) -> Self {
        let (serial_line, heard, connections) = Default::default();
        Self { transport, script: Arc::new(Mutex::new(script)), serial_line, heard, connections }
    }

    /// A link whose every connection ends at this peer.
    pub fn link(&self) -> Link {
        let peer = self.clone();
        let connector = Connector::new("peer", move || {
            let peer = peer.clone();
            async move {
                let (near, far) = duplex(4096);
                tokio::spawn(peer.serve(far));
                Ok(near)
            }
        });
        Link::over(self.transport, connector, config(self.transport))
    }

    /// How many requests have come.
    pub fn heard(&self) -> usize {
        self.heard.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Serves one connection until either side closes it.
    pub async fn serve(self, stream: impl ByteStream + 'static) {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let (mut from_master, to_master) = split(stream);
        let ear = match self.transport {
            Transport::ModbusTcp => Ear::default(),
            Transport::RtuOverTcp => self.serial_line.clone(),
        };
        *ear.lock().await = Some(Box::new(to_master));
        let mut requests = Requests::new(self.transport);
        let mut chunk = [0; 512];
        while let Ok(count @ 1..) = from_master.read(&mut chunk).await {
            for mut heard in requests.take(&chunk[..count]) {
                heard.number = self.heard.fetch_add(1, Ordering::SeqCst);
                let acts = (self.script.lock().unwrap())(&heard);
                for act in acts {
                    match act {
                        Act::Wait(time) => tokio::time::sleep(time).await,
                        Act::Close => return drop(ear.lock().await.take()),
                        Act::Send(bytes) => say(&ear, &bytes).await,
                    }
                }
            }
        }
    }
}

/// The master may have hung up, or the line been closed: then nobody hears it.
async fn say(ear: &Ear, bytes: &[u8]) {
    if let Some(ear) = ear.lock().await.as_mut() {
        let _ = ear.write_all(bytes).await;
    }
}

enum Requests {
    Tcp(Vec<u8>),
    Rtu(Box<RequestSplitter>),
}

impl Requests {
    fn new(transport: Transport) -> Self {
        match transport {
            Transport::ModbusTcp => Self::Tcp(Vec::new()),
            Transport::RtuOverTcp => Self::Rtu(Box::new(RequestSplitter::new())),
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut all = Vec::new();
        match self {
            Self::Tcp(buffer) => {
                buffer.extend_from_slice(bytes);
                while let Some(frame) = tcp::decode(buffer).unwrap() {
                    let length = frame.wire_len();
                    all.push(heard(Some(frame.transaction), frame.unit, frame.pdu, &buffer[..length]));
                    buffer.drain(..length);
                }
            }
            Self::Rtu(splitter) => {
                assert_eq!(splitter.extend(bytes), bytes.len(), "a master sends one request at a time");
                while let Some(frame) = splitter.next_frame() {
                    let (unit, pdu) = rtu::decode(frame).unwrap();
                    all.push(heard(None, unit, pdu, frame));
                }
            }
        }
        all
    }
}

fn heard(transaction: Option<u16>, unit: u8, pdu: &[u8], frame: &[u8]) -> Heard {
    Heard { number: 0, unit, pdu: pdu.to_vec(), frame: frame.to_vec(), transaction }
}

/// That nothing came through that should not: an error, and one that leaves the outcome open.
#[track_caller]
pub fn assert_unknown<T: std::fmt::Debug>(result: Result<T, LinkError>) {
    let error = result.expect_err("a broken answer was taken");
    assert!(error.outcome_unknown(), "{error}");
}
