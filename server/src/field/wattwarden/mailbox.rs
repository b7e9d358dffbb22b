//! Sealed commands, put into a meter's mailbox.

use line::LinkError;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, Refusal, seal, seal_fresh};
use meter_core::modbus::pdu::Exception;
use meter_core::registers::{
    HEADER_ADDRESS, LIVE_BLOCK_LEN, MAILBOX_ADDRESS, TRAILER_ADDRESS, TRAILER_LEN, decode_trailer,
};
use meter_core::serial::Serial;

use super::snapshot;
use crate::field::bus::Bus;

/// What became of a command, as far as its answer tells: only reading back tells the rest.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The echo was right, or the answer was lost: read back.
    ReadBack,
    /// The meter said no; the reason, if it still knows.
    Refused(Option<Refusal>),
}

/// Puts a sealed command into the mailbox. A meter that has lost part of its memory and asks for it gets it once more,
/// sealed over the nonce that it shows.
pub(super) async fn put(
    bus: &mut Bus<'_>,
    key: &Key,
    serial: Serial,
    command: &Command,
) -> Result<Delivery, LinkError> {
    match put_sealed(bus, &sealed(key, serial, command, None)).await? {
        Delivery::Refused(Some(Refusal::NotFresh)) => {
            let block = bus.read(TRAILER_ADDRESS, TRAILER_LEN).await?;
            let trailer = decode_trailer(&block).ok_or(LinkError::BadReply("not a trailer".into()))?;
            put_sealed(bus, &sealed(key, serial, command, Some(trailer.nonce))).await
        }
        delivery => Ok(delivery),
    }
}

async fn put_sealed(bus: &mut Bus<'_>, registers: &[u16]) -> Result<Delivery, LinkError> {
    match bus.write(MAILBOX_ADDRESS, registers).await {
        Ok(()) => Ok(Delivery::ReadBack),
        Err(LinkError::Exception(Exception::IllegalValue)) => {
            let block = bus.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
            Ok(Delivery::Refused(snapshot::header(&block).and_then(|header| header.last_refusal())))
        }
        Err(error) if error.outcome_unknown() => Ok(Delivery::ReadBack),
        Err(error) => Err(error),
    }
}

/// The envelope of a command as the mailbox takes it: its bytes, big-endian in registers. Its length is always even.
fn sealed(key: &Key, serial: Serial, command: &Command, nonce: Option<u32>) -> Vec<u16> {
    let mut envelope = [0; MAX_ENVELOPE];
    let length = match nonce {
        Some(nonce) => seal_fresh(key, serial, command, nonce, &mut envelope),
        None => seal(key, serial, command, &mut envelope),
    };
    envelope
        .iter()
        .take(length)
        .copied()
        .collect::<Vec<u8>>()
        .as_chunks::<2>()
        .0
        .iter()
        .copied()
        .map(u16::from_be_bytes)
        .collect()
}

#[cfg(test)]
mod tests {
    use meter_core::meter::Meter;
    use meter_core::units::UnixSeconds;

    use super::*;

    #[test]
    fn the_mailbox_takes_what_is_sealed() {
        let serial = Serial::try_from(7).unwrap();
        let command = Command::Clock { generation: 1, now: UnixSeconds(5) };
        let bytes: Vec<u8> =
            sealed(&[1; 16], serial, &command, None).iter().flat_map(|word| word.to_be_bytes()).collect();
        assert!(Meter::new(serial, [1; 16]).apply(&bytes).unwrap().changed);
    }
}
