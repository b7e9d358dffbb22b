//! What both framings share: a connection's settings, and writing replies now or later.

use super::Mode;
use crate::bus::Bus;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The line behind a connection, and how it is spoken to.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) bus: Bus,
    pub(super) mode: Mode,
}

/// Writes to one connection; what is still to come is dropped with it.
pub(super) struct Replies {
    writer: Arc<Mutex<OwnedWriteHalf>>,
    later: JoinSet<()>,
}

impl Replies {
    pub(super) fn new(writer: OwnedWriteHalf) -> Self {
        Self { writer: Arc::new(Mutex::new(writer)), later: JoinSet::new() }
    }

    /// Writes bytes at once, or after a while without holding up what comes next.
    pub(super) async fn send(&mut self, after: Duration, bytes: Vec<u8>) -> io::Result<()> {
        while self.later.try_join_next().is_some() {}
        if after.is_zero() {
            return self.writer.lock().await.write_all(&bytes).await;
        }
        let writer = Arc::clone(&self.writer);
        self.later.spawn(async move {
            tokio::time::sleep(after).await;
            if let Err(error) = writer.lock().await.write_all(&bytes).await {
                tracing::debug!(%error, "a late reply found nobody");
            }
        });
        Ok(())
    }
}
