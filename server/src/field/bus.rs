//! One unit on a line as a visit sees it: requests that are counted, and sealed commands.

use line::{Link, LinkError};
use meter_core::envelope::{Command, Key, MAX_ENVELOPE, Refusal, seal};
use meter_core::modbus::pdu::Exception;
use meter_core::registers::{HEADER_ADDRESS, LIVE_BLOCK_LEN, MAILBOX_ADDRESS};
use meter_core::serial::Serial;

use super::snapshot;

/// What became of a command, as far as its answer tells: only reading back tells the rest.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The echo was right, or the answer was lost: read back.
    ReadBack,
    /// The meter said no; the reason, if it still knows.
    Refused(Option<Refusal>),
}

/// A unit and the counters of one visit.
pub(super) struct Bus<'a> {
    pub(super) link: &'a mut Link,
    pub(super) unit: u8,
    pub(super) requests: i64,
    pub(super) failed_requests: i64,
}

impl<'a> Bus<'a> {
    pub(super) fn new(link: &'a mut Link, unit: u8) -> Self {
        Self { link, unit, requests: 0, failed_requests: 0 }
    }

    pub(super) async fn read(&mut self, address: u16, count: u16) -> Result<Vec<u16>, LinkError> {
        let answer = self.link.read(self.unit, address, count).await;
        self.count(answer)
    }

    /// Puts a sealed command into the mailbox.
    pub(super) async fn command(
        &mut self,
        key: &Key,
        serial: Serial,
        command: &Command,
    ) -> Result<Delivery, LinkError> {
        let registers = sealed(key, serial, command);
        let answer = self.link.write(self.unit, MAILBOX_ADDRESS, &registers).await;
        match self.count(answer) {
            Ok(()) => Ok(Delivery::ReadBack),
            Err(LinkError::Exception(Exception::IllegalValue)) => {
                let block = self.read(HEADER_ADDRESS, LIVE_BLOCK_LEN).await?;
                Ok(Delivery::Refused(snapshot::header(&block).and_then(|header| header.last_refusal())))
            }
            Err(error) if error.outcome_unknown() => Ok(Delivery::ReadBack),
            Err(error) => Err(error),
        }
    }

    fn count<T>(&mut self, answer: Result<T, LinkError>) -> Result<T, LinkError> {
        self.requests += 1;
        // A refusal is an answer; a gateway that says the unit is silent is not.
        let answered = match &answer {
            Ok(_) => true,
            Err(error @ LinkError::Exception(_)) => !error.outcome_unknown(),
            Err(_) => false,
        };
        self.failed_requests += i64::from(!answered);
        answer
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
