//! Sealed commands: the same bytes over RS485, on a card or through the infrared port.
//!
//! `version u8 = 1 | kind u8 | serial u64 | household u8 (0xFF = whole meter) | payload_len u8 (even, at
//! most 64) | generation u32 | payload | AES-128-CMAC tag, 16 bytes` over everything before the tag; all
//! numbers big-endian. Who carries it does not matter: only the holder of the meter's key can make one,
//! and totals and generations that only grow make a replay harmless.

mod command;
mod key;
mod refusal;
#[cfg(test)]
mod tests;

pub use command::{Command, HOUSEHOLDS, WHOLE_METER};
pub use key::{Key, derive_meter_key};
pub use refusal::Refusal;

use crate::bytes::{Reader, Writer};
use crate::serial::Serial;

/// The version of the layout.
pub const VERSION: u8 = 1;
/// Bytes before the payload.
pub const HEADER_LEN: usize = 16;
/// Longest payload.
pub const MAX_PAYLOAD: usize = 64;
/// Bytes of the tag.
pub const TAG_LEN: usize = 16;
/// Longest envelope: 96 bytes, 48 registers.
pub const MAX_ENVELOPE: usize = HEADER_LEN + MAX_PAYLOAD + TAG_LEN;

/// Writes the sealed envelope of a command and returns its length.
#[must_use]
pub fn seal(key: &Key, serial: Serial, command: &Command, out: &mut [u8; MAX_ENVELOPE]) -> usize {
    let mut writer = Writer::new(out);
    // The longest payload, a settings block of 30 words, is 62 bytes, so this always fits.
    write(key, serial, command, &mut writer).map_or(0, |()| writer.len())
}

fn write(key: &Key, serial: Serial, command: &Command, writer: &mut Writer<'_>) -> Option<()> {
    writer.bytes(&[VERSION, command.kind()])?;
    writer.u64(serial.get())?;
    writer.bytes(&[command.household().unwrap_or(WHOLE_METER), command.payload_len()])?;
    writer.u32(command.generation())?;
    command.write_payload(writer)?;
    let tag = key::tag(key, &[writer.written()]);
    writer.bytes(&tag)
}

/// Checks an envelope for this meter and reads its command.
///
/// # Errors
/// Checked in this order: length and version ([`Refusal::Malformed`]), serial
/// ([`Refusal::WrongMeter`], told without a valid tag), tag ([`Refusal::BadTag`]), then the content.
pub fn open(key: &Key, serial: Serial, envelope: &[u8]) -> Result<Command, Refusal> {
    let (sealed, tag) = envelope.split_last_chunk::<TAG_LEN>().ok_or(Refusal::Malformed)?;
    let header = Header::read(sealed).ok_or(Refusal::Malformed)?;
    if header.serial != serial.get() {
        return Err(Refusal::WrongMeter);
    }
    if !key::verify(key, sealed, tag) {
        return Err(Refusal::BadTag);
    }
    Command::read(header.kind, header.household, header.generation, header.payload)
}

struct Header<'a> {
    kind: u8,
    serial: u64,
    household: u8,
    generation: u32,
    payload: &'a [u8],
}

impl<'a> Header<'a> {
    /// `None` unless the version is known and the payload has the length that the header says.
    fn read(sealed: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(sealed);
        let [version, kind] = reader.array()?;
        let serial = reader.u64()?;
        let [household, payload_len] = reader.array()?;
        let generation = reader.u32()?;
        let payload = reader.rest();
        let payload_len = usize::from(payload_len);
        let well_formed = version == VERSION
            && payload.len() == payload_len
            && payload_len <= MAX_PAYLOAD
            && payload_len.is_multiple_of(2);
        well_formed.then_some(Self { kind, serial, household, generation, payload })
    }
}

/// Kind and household bytes of an envelope that may be anything, for diagnosis only; 0 if too short.
pub(crate) fn peek(envelope: &[u8]) -> (u8, u8) {
    (envelope.get(1).copied().unwrap_or(0), envelope.get(10).copied().unwrap_or(0))
}
