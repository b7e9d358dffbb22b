//! The least HTTP/1.1 client that can load a page again and again on one connection: what it costs is not what is
//! measured.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No head of an answer of ours is longer.
const LONGEST_HEAD: usize = 16 * 1024;

/// A kept connection.
pub(super) struct Browser {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What of an answer a bench needs.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body_bytes: usize,
    pub(super) cookie: Option<String>,
}

impl Browser {
    pub(super) async fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 * 1024] })
    }

    /// Sends a whole request and reads the whole answer, whose length it must state.
    pub(super) async fn ask(&mut self, request: &str) -> std::io::Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        let mut read = 0;
        let head_end = loop {
            let more = self.stream.read(self.buffer.get_mut(read..).unwrap_or_default()).await?;
            read += more;
            if let Some(end) = find(&self.buffer[..read], b"\r\n\r\n") {
                break end + 4;
            }
            if more == 0 || read > LONGEST_HEAD {
                return Err(Error::new(ErrorKind::InvalidData, "no head"));
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let body_bytes = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut left = body_bytes + head_end - read;
        while left > 0 {
            let room = left.min(self.buffer.len());
            left -= self.stream.read_exact(&mut self.buffer[..room]).await?;
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let cookie =
            header(&head, "set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        Ok(Answer { status, body_bytes, cookie })
    }
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}
