//! Finds request frames in the byte stream of a serial line, by length and CRC.
//!
//! The specification separates frames by 3.5 characters of silence, which bytes that come through a
//! network or a FIFO do not show. So a frame is taken as soon as the length that its function code calls
//! for has come with a right CRC; bytes that begin no frame are skipped one by one. The owner still
//! reports silence where it can see it: that ends whatever is unfinished.

use super::MAX_RTU_FRAME;
use super::rtu::{self, FrameLength, MIN_FRAME};

/// Collects bytes and gives out whole request frames.
#[derive(Clone, Debug)]
pub struct RequestSplitter {
    buffer: [u8; MAX_RTU_FRAME],
    len: usize,
    given_out: usize,
}

impl Default for RequestSplitter {
    fn default() -> Self {
        Self::new()
    }
}

impl RequestSplitter {
    /// An empty splitter.
    #[must_use]
    pub const fn new() -> Self {
        Self { buffer: [0; MAX_RTU_FRAME], len: 0, given_out: 0 }
    }

    /// Takes as many bytes as there is room for and returns how many. Room is never zero after
    /// [`Self::next_frame`] returned `None`, so alternate the two until all bytes are taken.
    pub fn extend(&mut self, bytes: &[u8]) -> usize {
        self.drop_given_out();
        let Some(room) = self.buffer.get_mut(self.len..) else { return 0 };
        let count = room.len().min(bytes.len());
        for (slot, byte) in room.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        self.len += count;
        count
    }

    /// The next whole frame with a right CRC, if one has come: unit, PDU and CRC.
    pub fn next_frame(&mut self) -> Option<&[u8]> {
        self.drop_given_out();
        while self.len > 0 {
            match rtu::request_len(self.bytes()) {
                FrameLength::NeedMore => return None,
                FrameLength::Exactly(length) if length > self.len => return None,
                FrameLength::Exactly(length) if self.is_frame(length) => {
                    self.given_out = length;
                    return self.buffer.get(..length);
                }
                FrameLength::Exactly(_) => self.drop_front(1),
                FrameLength::Unknown if self.len == MAX_RTU_FRAME => self.drop_front(1),
                FrameLength::Unknown => return None,
            }
        }
        None
    }

    /// Call when the line has been silent for 3.5 characters. What is left ends here, so a frame that
    /// noise or a foreign reply was hiding is found by its end, and one with a function code of unknown
    /// length is given out too, so that it can be refused.
    pub fn silence(&mut self) -> Option<&[u8]> {
        self.drop_given_out();
        let rest = self.buffer.get(..core::mem::take(&mut self.len))?;
        let starts = 0..(rest.len() + 1).saturating_sub(MIN_FRAME);
        starts.filter_map(|start| rest.get(start..)).find(|bytes| rtu::decode(bytes).is_ok())
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or(&[])
    }

    fn is_frame(&self, length: usize) -> bool {
        self.buffer.get(..length).is_some_and(|bytes| rtu::decode(bytes).is_ok())
    }

    fn drop_given_out(&mut self) {
        let given_out = core::mem::take(&mut self.given_out);
        self.drop_front(given_out);
    }

    fn drop_front(&mut self, count: usize) {
        let count = count.min(self.len);
        self.buffer.copy_within(count..self.len, 0);
        self.len -= count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn frame(unit: u8, pdu: &[u8]) -> Vec<u8> {
        let mut out = [0; 256];
        let length = rtu::encode(unit, pdu, &mut out).unwrap();
        out[..length].to_vec()
    }

    fn split(bytes: &[u8], chunk: usize) -> Vec<Vec<u8>> {
        let mut splitter = RequestSplitter::new();
        let mut frames = Vec::new();
        for mut part in bytes.chunks(chunk) {
            while !part.is_empty() {
                let taken = splitter.extend(part);
                part = &part[taken..];
                while let Some(frame) = splitter.next_frame() {
                    frames.push(frame.to_vec());
                }
            }
        }
        frames.extend(splitter.silence().map(<[u8]>::to_vec));
        frames
    }

    #[test]
    fn an_unknown_function_is_given_out_at_silence() {
        let unknown = frame(3, &[0x64, 1, 2]);
        assert_eq!(split(&unknown, 1), [unknown]);
    }

    #[test]
    fn silence_discards_a_broken_beginning() {
        let mut splitter = RequestSplitter::new();
        splitter.extend(&[1, 3, 0, 0]);
        assert_eq!(splitter.next_frame(), None);
        assert_eq!(splitter.silence(), None);
        let whole = frame(1, &[3, 0, 0, 0, 1]);
        splitter.extend(&whole);
        assert_eq!(splitter.next_frame(), Some(&whole[..]));
        assert_eq!(splitter.next_frame(), None);
    }

    #[test]
    fn a_foreign_reply_before_a_request_does_not_hide_it() {
        let mut line = frame(2, &[3, 4, 0, 1, 0, 2]);
        let request = frame(1, &[3, 0, 0, 0, 120]);
        line.extend_from_slice(&request);
        assert!(split(&line, 1).contains(&request));
    }

    proptest! {
        #[test]
        fn chunking_does_not_matter(addresses in prop::collection::vec(any::<u16>(), 1..12), chunk in 1usize..300) {
            let frames: Vec<Vec<u8>> = addresses
                .iter()
                .map(|address| frame(1, &[3, address.to_be_bytes()[0], address.to_be_bytes()[1], 0, 9]))
                .collect();
            prop_assert_eq!(split(&frames.concat(), chunk), frames);
        }

        #[test]
        fn any_bytes_end_and_give_only_frames(bytes in prop::collection::vec(any::<u8>(), 0..1200), chunk in 1usize..300) {
            for frame in split(&bytes, chunk) {
                prop_assert!(rtu::decode(&frame).is_ok());
            }
        }
    }
}
