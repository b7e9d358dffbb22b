//! `wattwarden healthcheck`: asks the server's `/readyz`, for images without another HTTP client.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a ready server may take to say so.
const TIMEOUT: Duration = Duration::from_secs(3);
/// No status line is longer.
const LONGEST_STATUS: usize = 64;

/// Fails unless the server that listens on `listen` says that it is ready.
///
/// # Errors
/// When it can't be reached in time, or says anything else.
pub async fn ask(listen: SocketAddr) -> io::Result<()> {
    let answer = tokio::time::timeout(TIMEOUT, status(reachable(listen))).await;
    let status = answer.map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))??;
    if status.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(io::Error::other(format!("not ready: {status}")))
    }
}

/// A server that listens on every address is reached on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    SocketAddr::new(ip, listen.port())
}

async fn status(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_STATUS as u64).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}
