//! The Modbus TCP side: MBAP frames in, replies of the line out.

use super::OnSilence;
use super::connection::Replies;
use crate::bus::{Bus, Emission};
use meter_core::modbus::pdu::{self, Exception};
use meter_core::modbus::tcp::{self, Frame, HEADER_LEN, MAX_FRAME};
use std::io;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Answers requests in their order until the peer closes or stops speaking Modbus TCP.
pub(super) async fn converse(bus: &Bus, on_silence: OnSilence, stream: TcpStream) -> io::Result<()> {
    let (mut reader, writer) = stream.into_split();
    let mut replies = Replies::new(writer);
    let mut buffer = Vec::with_capacity(MAX_FRAME);
    loop {
        while let Some(frame) = tcp::decode(&buffer).map_err(io::Error::other)? {
            answer(bus, on_silence, frame, &mut replies).await?;
            let length = frame.wire_len();
            buffer.drain(..length);
        }
        // All whole frames are taken out before more is read, so the buffer stays small.
        if reader.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

async fn answer(
    bus: &Bus,
    on_silence: OnSilence,
    request: Frame<'_>,
    replies: &mut Replies,
) -> io::Result<()> {
    let emissions = bus.transact(request.unit, request.pdu).await;
    if emissions.is_empty() {
        return refuse(on_silence, request, replies).await;
    }
    for emission in emissions {
        let bytes = on_the_wire(request.transaction, &emission);
        replies.send(emission.after, bytes).await?;
    }
    Ok(())
}

/// The gateway's own answer for a unit that gave none.
async fn refuse(on_silence: OnSilence, request: Frame<'_>, replies: &mut Replies) -> io::Result<()> {
    let OnSilence::Exception { after } = on_silence else { return Ok(()) };
    tokio::time::sleep(after).await;
    let mut exception = [0; 2];
    let function = request.pdu.first().copied().unwrap_or(0);
    pdu::encode_exception(function, Exception::GatewayTargetFailed, &mut exception);
    replies.send(Duration::ZERO, framed(request.transaction, request.unit, &exception)).await
}

fn on_the_wire(transaction: u16, emission: &Emission) -> Vec<u8> {
    let mut frame = framed(transaction, emission.unit, &emission.pdu);
    if emission.corrupt {
        // Modbus TCP has no checksum of its own, so nobody could tell a flipped bit in the data: flip one
        // of the function code, which a strict master can.
        if let Some(function) = frame.get_mut(HEADER_LEN) {
            *function ^= 0x08;
        }
    }
    [emission.noise.as_slice(), &frame].concat()
}

fn framed(transaction: u16, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let mut out = [0; MAX_FRAME];
    let length = tcp::encode(Frame { transaction, unit, pdu }, &mut out).unwrap_or(0);
    out[..length].to_vec()
}
