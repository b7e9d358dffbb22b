//! How a link gets its stream of bytes: a TCP connection, or whatever its maker hands it.

use std::fmt;
use std::io;
use std::pin::Pin;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A stream of bytes both ways.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

pub(super) type BoxStream = Pin<Box<dyn ByteStream>>;

type Open = dyn FnMut() -> BoxFuture<'static, io::Result<BoxStream>> + Send;

/// Opens a new stream to the collector each time it is asked.
pub struct Connector {
    open: Box<Open>,
    name: String,
}

impl Connector {
    /// Connects to `address` (`host:port`) by TCP.
    #[must_use]
    pub fn tcp(address: String) -> Self {
        let name = address.clone();
        Self::new(name, move || {
            let address = address.clone();
            async move {
                let stream = TcpStream::connect(&address).await?;
                stream.set_nodelay(true)?;
                Ok(stream)
            }
        })
    }

    /// Calls `open` for each connection; `name` is for people.
    #[must_use]
    pub fn new<F, R, S>(name: impl Into<String>, mut open: F) -> Self
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = io::Result<S>> + Send + 'static,
        S: ByteStream + 'static,
    {
        let open = move || -> BoxFuture<'static, io::Result<BoxStream>> {
            let opening = open();
            Box::pin(async move { opening.await.map(|stream| Box::pin(stream) as BoxStream) })
        };
        Self { open: Box::new(open), name: name.into() }
    }

    pub(super) async fn open(&mut self) -> io::Result<BoxStream> {
        (self.open)().await
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connector").field(&self.name).finish()
    }
}
