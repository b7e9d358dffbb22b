//! Our own RTU master over any stream of bytes.
//!
//! An RTU answer names neither its request nor its place in time, so it is taken only if a whole frame with a right
//! CRC, from the right unit, answers the request in function, length, byte count and echo. Bytes that begin no such
//! frame (noise of the line's turn-around, another unit's answer, a two-wire converter's echo of the request) are
//! passed over; a whole frame of the right unit and function that does not answer the request fails the transaction.

use meter_core::modbus::MAX_RTU_FRAME;
use meter_core::modbus::pdu::{EXCEPTION_BIT, Reply, ReplyLength, Request, decode_reply};
use meter_core::modbus::rtu::{self, FrameLength};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::answer::Answer;
use super::config::LinkConfig;
use super::connector::BoxStream;
use super::drain::{Drained, drain};
use super::error::LinkError;

/// Most bytes that are searched for an answer: the longest frame, and three times as much of noise before it.
const MOST_HEARD: usize = 4 * MAX_RTU_FRAME;
/// Unit and CRC around a PDU.
const AROUND_PDU: usize = 3;

/// A connection to a transparent serial server.
pub(super) struct RtuLine {
    stream: BoxStream,
    heard: Vec<u8>,
}

impl RtuLine {
    pub(super) fn new(stream: BoxStream) -> Self {
        Self { stream, heard: Vec::with_capacity(MOST_HEARD) }
    }

    pub(super) async fn drain(
        &mut self,
        config: &LinkConfig,
        not_before: Instant,
        give_up: Instant,
    ) -> Drained {
        drain(&mut self.stream, config.quiet, not_before, give_up).await
    }

    /// What it means that the time for an answer is up.
    pub(super) fn time_is_up(&self) -> LinkError {
        if self.heard.is_empty() {
            LinkError::Timeout
        } else {
            LinkError::BadReply("nothing but broken frames".into())
        }
    }

    pub(super) async fn exchange(&mut self, unit: u8, request: &Request<'_>) -> Result<Answer, LinkError> {
        self.heard.clear();
        self.send(unit, request).await?;
        let mut start = 0;
        loop {
            self.hear_more().await?;
            if let Some(pdu) = find_reply(&self.heard, &mut start, unit, request) {
                return Ok(owned(decode_reply(request, pdu)?));
            }
            if self.heard.len() >= MOST_HEARD {
                return Err(LinkError::BadReply("nothing but noise".into()));
            }
        }
    }

    async fn send(&mut self, unit: u8, request: &Request<'_>) -> Result<(), LinkError> {
        let (mut pdu, mut frame) = ([0; MAX_RTU_FRAME], [0; MAX_RTU_FRAME]);
        let pdu = request.encode(&mut pdu).and_then(|length| pdu.get(..length));
        let length = pdu.and_then(|pdu| rtu::encode(unit, pdu, &mut frame));
        let frame = length.and_then(|length| frame.get(..length)).ok_or(LinkError::Invalid("too long"))?;
        self.stream.write_all(frame).await.map_err(lost)?;
        self.stream.flush().await.map_err(lost)
    }

    async fn hear_more(&mut self) -> Result<(), LinkError> {
        let mut chunk = [0; MAX_RTU_FRAME];
        let count = self.stream.read(&mut chunk).await.map_err(lost)?;
        match chunk.get(..count) {
            Some(bytes) if !bytes.is_empty() => self.heard.extend_from_slice(bytes),
            _ => return Err(LinkError::Lost("the collector closed the connection".into())),
        }
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn lost(error: std::io::Error) -> LinkError {
    LinkError::Lost(error.to_string())
}

/// The PDU of the first whole frame at or after `start` that unit and function say is ours. Moves `start` past
/// what can begin no such frame.
fn find_reply<'a>(heard: &'a [u8], start: &mut usize, unit: u8, request: &Request<'_>) -> Option<&'a [u8]> {
    while let Some(bytes) = heard.get(*start..).filter(|bytes| !bytes.is_empty()) {
        match look(bytes, unit, request) {
            Look::Whole(frame) => return rtu::decode(frame).ok().map(|(_, pdu)| pdu),
            Look::Unfinished => return None,
            Look::Noise => *start += 1,
        }
    }
    None
}

enum Look<'a> {
    Whole(&'a [u8]),
    Unfinished,
    Noise,
}

fn look<'a>(bytes: &'a [u8], unit: u8, request: &Request<'_>) -> Look<'a> {
    match (bytes.first(), bytes.get(1)) {
        (Some(first), _) if *first != unit => return Look::Noise,
        (_, Some(function)) if function & !EXCEPTION_BIT != request.function() => return Look::Noise,
        _ => {}
    }
    match rtu::reply_len(bytes) {
        FrameLength::NeedMore => Look::Unfinished,
        FrameLength::Unknown => Look::Noise,
        FrameLength::Exactly(length) => match bytes.get(..length) {
            Some(frame) if rtu::decode(frame).is_ok() => Look::Whole(frame),
            None if worth_waiting_for(length, bytes, request) => Look::Unfinished,
            _ => Look::Noise,
        },
    }
}

/// Only an answer of the length that the request calls for is waited for: noise must not hide the answer behind it.
fn worth_waiting_for(length: usize, bytes: &[u8], request: &Request<'_>) -> bool {
    let is_exception = bytes.get(1).is_some_and(|function| function & EXCEPTION_BIT != 0);
    match request.reply_length() {
        _ if is_exception => true,
        ReplyLength::Exactly(pdu) => length == pdu + AROUND_PDU,
        ReplyLength::Variable => true,
    }
}

fn owned(reply: Reply<'_>) -> Answer {
    match reply {
        Reply::Registers(registers) => Answer::Registers(registers.iter().collect()),
        Reply::Written => Answer::Written,
        Reply::DeviceId(reply) => Answer::Identification {
            objects: reply.objects.iter().map(|(id, value)| (id, value.to_vec())).collect(),
            next: reply.next_object,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const READ: Request<'_> = Request::ReadHolding { address: 0, count: 2 };

    proptest! {
        /// Bytes that are no frame, and bytes of whole frames, cut anywhere and in any order.
        #[test]
        fn whatever_is_heard_only_a_whole_frame_of_ours_is_an_answer(
            parts in proptest::collection::vec(part(), 0..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut heard = parts.concat();
            heard.truncate(cut.index(heard.len() + 1));
            let (mut start, mut found) = (0, None);
            // As it comes in, a byte at a time.
            for end in 0..=heard.len() {
                found = find_reply(&heard[..end], &mut start, 1, &READ).map(<[u8]>::to_vec);
                prop_assert!(start <= end);
                if found.is_some() {
                    break;
                }
            }
            if let Some(pdu) = found {
                prop_assert_eq!(pdu[0] & !EXCEPTION_BIT, 3);
                let mut frame = [0; MAX_RTU_FRAME];
                let length = rtu::encode(1, &pdu, &mut frame).unwrap();
                prop_assert!(heard.windows(length).any(|window| window == &frame[..length]));
                if let Ok(Answer::Registers(registers)) = decode_reply(&READ, &pdu).map(owned) {
                    prop_assert_eq!(registers.len(), 2);
                }
            }
        }

        #[test]
        fn any_pdu_is_an_answer_of_the_right_size_or_an_error(
            pdu in proptest::collection::vec(any::<u8>(), 0..=260), count in 1..=125u16,
        ) {
            let request = Request::ReadHolding { address: 7, count };
            if let Ok(answer) = decode_reply(&request, &pdu).map(owned) {
                let Answer::Registers(registers) = answer else { panic!("{answer:?}") };
                prop_assert_eq!(registers.len(), usize::from(count));
            }
        }

        #[test]
        fn any_identification_is_taken_or_refused(pdu in proptest::collection::vec(any::<u8>(), 0..=260)) {
            let pdu = [&[0x2B, 0x0E, 1], pdu.as_slice()].concat();
            if let Ok(answer) = decode_reply(&Request::ReadDeviceId { code: 1, object: 0 }, &pdu).map(owned) {
                let identified = matches!(answer, Answer::Identification { .. });
                prop_assert!(identified);
            }
        }
    }

    /// Noise; or a frame: of unit 1 or another, with an answer of any length or an exception.
    fn part() -> impl Strategy<Value = Vec<u8>> {
        let noise = proptest::collection::vec(any::<u8>(), 0..20);
        let registers = (1..=2u8, proptest::collection::vec(any::<u8>(), 0..12))
            .prop_map(|(unit, data)| framed(unit, &[&[3, data.len() as u8], data.as_slice()].concat()));
        let exception = any::<u8>().prop_map(|code| framed(1, &[3 | EXCEPTION_BIT, code]));
        prop_oneof![noise, registers, exception]
    }

    fn framed(unit: u8, pdu: &[u8]) -> Vec<u8> {
        let mut frame = [0; MAX_RTU_FRAME];
        let length = rtu::encode(unit, pdu, &mut frame).unwrap();
        frame[..length].to_vec()
    }
}
