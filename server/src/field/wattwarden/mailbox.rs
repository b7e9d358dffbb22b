//! Sealed commands, put into a meter's mailbox.

use line::LinkError;
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, Refusal, seal};
use meter_core::modbus::pdu::Exception;
use meter_core::registers::{HEADER_ADDRESS, LIVE_BLOCK_LEN, MAILBOX_ADDRESS};
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

/// Puts a sealed command into the mailbox.
pub(super) async fn put(
    bus: &mut Bus<'_>,
    key: &Key,
    serial: Serial,
    command: &Command,
) -> Result<Delivery, LinkError> {
    let registers = sealed(key, serial, command);
    match bus.write(MAILBOX_ADDRESS, &registers).await {
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
fn sealed(key: &Key, serial: Serial, command: &Command) -> Vec<u16> {
    let mut envelope = [0; MAX_ENVELOPE];
    let length = seal(key, serial, command, &mut envelope);
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
            sealed(&[1; 16], serial, &command).iter().flat_map(|word| word.to_be_bytes()).collect();
        assert!(Meter::new(serial, [1; 16]).apply(&bytes).unwrap().changed);
    }
}
