//! A data collector on a TCP socket before one RS485 line.
//!
//! It speaks Modbus TCP, or passes RTU frames through like a transparent serial server. The framing is our
//! own, on `meter-core`'s codec, since a server library answers each request once, in its frame: late,
//! doubled, foreign or damaged replies, which the tests of a strict master live on, cannot be expressed
//! with it.

mod connection;
mod modbus_tcp;
mod rtu_over_tcp;

use crate::bus::Bus;
use connection::Connection;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// More connections than this are dropped.
pub const MAX_CONNECTIONS: usize = 64;
/// How long to wait when the port cannot be bound again or a connection not be accepted.
const RETRY_AFTER: Duration = Duration::from_millis(50);

/// What a Modbus TCP gateway does when the line stays silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSilence {
    /// Answers with exception 0B (gateway target failed to respond) after its bus timeout.
    Exception {
        /// The bus timeout.
        after: Duration,
    },
    /// Does not answer either.
    NoAnswer,
}

/// What the collector speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Modbus TCP with MBAP headers.
    ModbusTcp(OnSilence),
    /// RTU frames over TCP; silence of the line is silence here.
    RtuOverTcp,
}

impl Mode {
    /// Modbus TCP as most gateways do it, with a bus timeout short enough for tests.
    pub const MODBUS_TCP: Self = Self::ModbusTcp(OnSilence::Exception { after: Duration::from_millis(200) });
}

/// A running collector; dropping it stops it.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Collector {
    /// Listens on `address` (port 0 takes a free one) and serves the units of `bus`.
    ///
    /// # Errors
    /// Those of binding the address.
    pub async fn start(address: SocketAddr, bus: Bus, mode: Mode) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let down = bus.faults().watch_down();
        let task = tokio::spawn(run(listener, address, Connection { bus, mode }, down));
        Ok(Self { address, task })
    }

    /// Where it listens, with the port that was bound.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening and drops all connections; the port is free when this returns.
    pub async fn stop(mut self) {
        self.task.abort();
        // Aborted is what was asked for.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves while up; while down there is no listener and no connection.
async fn run(
    first_listener: TcpListener,
    address: SocketAddr,
    connection: Connection,
    mut down: watch::Receiver<bool>,
) {
    let mut listener = Some(first_listener);
    loop {
        if let Some(listener) = listener.take() {
            tokio::select! {
                () = serve(&listener, &connection) => {}
                _ = down.wait_for(|down| *down) => {}
            }
        }
        if down.wait_for(|down| !*down).await.is_err() {
            return;
        }
        match TcpListener::bind(address).await {
            Ok(bound) => listener = Some(bound),
            Err(error) => {
                tracing::warn!(%address, %error, "a simulated collector cannot listen again yet");
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}

/// Accepts for ever. The connections live in here, so they end with it.
async fn serve(listener: &TcpListener, connection: &Connection) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                while connections.try_join_next().is_some() {}
                if connections.len() < MAX_CONNECTIONS {
                    connections.spawn(converse(connection.clone(), stream, peer));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a simulated collector cannot accept");
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}

async fn converse(connection: Connection, stream: TcpStream, peer: SocketAddr) {
    let ended = match connection.mode {
        Mode::ModbusTcp(on_silence) => modbus_tcp::converse(&connection.bus, on_silence, stream).await,
        Mode::RtuOverTcp => rtu_over_tcp::converse(&connection.bus, stream).await,
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection to a simulated collector ended");
    }
}
