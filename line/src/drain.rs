//! Waits for silence: reads and throws away what an earlier request left in the transport.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, timeout_at};

/// How draining ended.
#[derive(Debug)]
pub(super) enum Drained {
    /// The line has been silent long enough.
    Silent,
    /// It never was.
    Babble,
    /// The peer has gone.
    Gone(io::Error),
}

/// Discards bytes until none has come for `quiet`, and not before `not_before`; gives up at `give_up`.
pub(super) async fn drain<S>(
    stream: &mut S,
    quiet: Duration,
    not_before: Instant,
    give_up: Instant,
) -> Drained
where
    S: AsyncRead + Unpin,
{
    let mut waste = [0; 256];
    loop {
        let now = Instant::now();
        let silent_at = (now + quiet).max(not_before);
        if now >= give_up {
            return Drained::Babble;
        }
        match timeout_at(silent_at, stream.read(&mut waste)).await {
            Err(_) => return Drained::Silent,
            Ok(Ok(0)) => return Drained::Gone(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Drained::Gone(error),
        }
    }
}
