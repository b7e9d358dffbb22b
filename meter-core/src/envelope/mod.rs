//! Sealed commands: the same bytes over RS485, on a card or through the infrared port.
//!
//! `version u8 = 1 | kind u8 | serial u64 | household u8 (0xFF = whole meter) | payload_len u8 (even, at
//! most 64) | generation u32 | payload | AES-128-CMAC tag, 16 bytes` over everything before the tag; all
//! numbers big-endian. Who carries it does not matter: only the holder of the meter's key can make one,
//! and totals and generations that only grow make a replay harmless.
//!
//! A meter that has lost part of its memory no longer knows which totals and generations it had. Until it is
//! told anew it takes only version 2: the same bytes, but the tag is made over the meter's nonce (u32, shown in
//! its registers, another after every start) as well, after everything else. What was recorded before cannot
//! have it.

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

/// The version that any meter takes whose memory is whole.
pub const VERSION: u8 = 1;
/// The version whose tag covers the meter's nonce.
pub const FRESH_VERSION: u8 = 2;
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
    seal_version(key, serial, command, None, out)
}

/// As [`seal`], over the nonce that the meter shows; a meter with gaps in its memory takes nothing else.
#[must_use]
pub fn seal_fresh(
    key: &Key,
    serial: Serial,
    command: &Command,
    nonce: u32,
    out: &mut [u8; MAX_ENVELOPE],
) -> usize {
    seal_version(key, serial, command, Some(nonce), out)
}

fn seal_version(
    key: &Key,
    serial: Serial,
    command: &Command,
    nonce: Option<u32>,
    out: &mut [u8; MAX_ENVELOPE],
) -> usize {
    let mut writer = Writer::new(out);
    // The longest payload, a settings block of 30 words, is 62 bytes, so this always fits.
    write(key, serial, command, nonce, &mut writer).map_or(0, |()| writer.len())
}

fn write(
    key: &Key,
    serial: Serial,
    command: &Command,
    nonce: Option<u32>,
    writer: &mut Writer<'_>,
) -> Option<()> {
    let version = if nonce.is_some() { FRESH_VERSION } else { VERSION };
    writer.bytes(&[version, command.kind()])?;
    writer.u64(serial.get())?;
    writer.bytes(&[command.household().unwrap_or(WHOLE_METER), command.payload_len()])?;
    writer.u32(command.generation())?;
    command.write_payload(writer)?;
    let nonce_bytes = nonce.map(u32::to_be_bytes);
    let covered = nonce_bytes.as_ref().map_or(&[][..], |bytes| &bytes[..]);
    let tag = key::tag(key, &[writer.written(), covered]);
    writer.bytes(&tag)
}

/// A command that was sealed for this meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it asks for.
    pub command: Command,
    /// Whether it was sealed over the meter's nonce, and so after the meter's last start.
    pub fresh: bool,
}

/// Checks an envelope for this meter and reads its command. Without a nonce, 0, nothing is fresh.
///
/// # Errors
/// Checked in this order: length and version ([`Refusal::Malformed`]), serial
/// ([`Refusal::WrongMeter`], told without a valid tag), tag ([`Refusal::BadTag`]), then the content.
pub fn open(key: &Key, serial: Serial, nonce: u32, envelope: &[u8]) -> Result<Opened, Refusal> {
    let (sealed, tag) = envelope.split_last_chunk::<TAG_LEN>().ok_or(Refusal::Malformed)?;
    let header = Header::read(sealed).ok_or(Refusal::Malformed)?;
    if header.serial != serial.get() {
        return Err(Refusal::WrongMeter);
    }
    let nonce_bytes = nonce.to_be_bytes();
    let covered = if header.fresh { &nonce_bytes[..] } else { &[] };
    if (header.fresh && nonce == 0) || !key::verify(key, &[sealed, covered], tag) {
        return Err(Refusal::BadTag);
    }
    let command = Command::read(header.kind, header.household, header.generation, header.payload)?;
    Ok(Opened { command, fresh: header.fresh })
}

struct Header<'a> {
    fresh: bool,
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
        let well_formed = [VERSION, FRESH_VERSION].contains(&version)
            && payload.len() == payload_len
            && payload_len <= MAX_PAYLOAD
            && payload_len.is_multiple_of(2);
        let fresh = version == FRESH_VERSION;
        well_formed.then_some(Self { fresh, kind, serial, household, generation, payload })
    }
}

/// Kind and household bytes of an envelope that may be anything, for diagnosis only; 0 if too short.
pub(crate) fn peek(envelope: &[u8]) -> (u8, u8) {
    (envelope.get(1).copied().unwrap_or(0), envelope.get(10).copied().unwrap_or(0))
}
