//! A second handle on a stream, so that it can be drained, and what is read from it counted, while a Modbus client
//! owns the first.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connector::BoxStream;

/// A stream shared by handles that take turns: `&mut` of the line that owns them both keeps them apart.
#[derive(Clone)]
pub(super) struct Tap(Arc<Mutex<Tapped>>);

struct Tapped {
    stream: BoxStream,
    read: usize,
}

impl Tap {
    pub(super) fn new(stream: BoxStream) -> Self {
        Self(Arc::new(Mutex::new(Tapped { stream, read: 0 })))
    }

    /// How many bytes were read since this was last asked, through any handle.
    pub(super) fn take_read(&self) -> usize {
        std::mem::take(&mut self.tapped().read)
    }

    fn tapped(&self) -> MutexGuard<'_, Tapped> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}

impl AsyncRead for Tap {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut tapped = self.tapped();
        let before = buf.filled().len();
        let polled = tapped.stream.as_mut().poll_read(cx, buf);
        tapped.read += buf.filled().len() - before;
        polled
    }
}

impl AsyncWrite for Tap {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.tapped().stream.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tapped().stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tapped().stream.as_mut().poll_shutdown(cx)
    }
}
