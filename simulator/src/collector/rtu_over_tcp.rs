//! The transparent side: RTU frames in and out, silence where the line is silent.

use super::connection::Replies;
use crate::bus::{Bus, Emission};
use meter_core::modbus::splitter::RequestSplitter;
use meter_core::modbus::{MAX_RTU_FRAME, rtu};
use std::io;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the gaps that a network tears into a frame, shorter than any master's timeout.
const SILENCE: Duration = Duration::from_millis(30);

/// Passes frames to the line until the peer closes.
pub(super) async fn converse(bus: &Bus, stream: TcpStream) -> io::Result<()> {
    let (mut reader, writer) = stream.into_split();
    let mut replies = Replies::new(writer);
    let mut splitter = RequestSplitter::new();
    let mut bytes = [0; MAX_RTU_FRAME];
    loop {
        let first = reader.read(&mut bytes).await?;
        let mut length = first;
        while length > 0 {
            take(bus, &mut splitter, &bytes[..length], &mut replies).await?;
            match timeout(SILENCE, reader.read(&mut bytes)).await {
                Ok(more) => length = more?,
                Err(_silence) => break,
            }
        }
        if let Some(frame) = splitter.silence() {
            pass(bus, frame, &mut replies).await?;
        }
        if length == 0 {
            return Ok(());
        }
    }
}

async fn take(
    bus: &Bus,
    splitter: &mut RequestSplitter,
    mut bytes: &[u8],
    replies: &mut Replies,
) -> io::Result<()> {
    while !bytes.is_empty() {
        bytes = &bytes[splitter.extend(bytes)..];
        while let Some(frame) = splitter.next_frame() {
            pass(bus, frame, replies).await?;
        }
    }
    Ok(())
}

async fn pass(bus: &Bus, frame: &[u8], replies: &mut Replies) -> io::Result<()> {
    let Ok((unit, request)) = rtu::decode(frame) else { return Ok(()) };
    for emission in bus.transact(unit, request).await {
        replies.send(emission.after, on_the_wire(&emission)).await?;
    }
    Ok(())
}

fn on_the_wire(emission: &Emission) -> Vec<u8> {
    let mut out = [0; MAX_RTU_FRAME];
    let length = rtu::encode(emission.unit, &emission.pdu, &mut out).unwrap_or(0);
    if emission.corrupt {
        out[length / 2] ^= 0x10;
    }
    [emission.noise.as_slice(), &out[..length]].concat()
}
