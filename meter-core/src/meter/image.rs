//! The power-fail image: what a meter must still know after the power was away.
//!
//! The clock is not in it: nobody knows how long the power was away. Big-endian, CRC-32 at the end.

use super::Meter;
use super::record::{MAX_RECORD_LEN, RecordKey};
use crate::bytes::{Reader, Writer};
use crate::crc32::crc32;
use crate::envelope::Key;
use crate::serial::Serial;
use core::fmt;

const MAGIC: [u8; 4] = *b"WWIM";
const VERSION: u16 = 2;
const HEADER_LEN: usize = 14;
const CRC_LEN: usize = 4;
/// All records; the test of the round trip holds it to their sum.
const RECORDS_LEN: usize = 6814;

/// Bytes of an image.
pub const IMAGE_LEN: usize = HEADER_LEN + RECORDS_LEN + CRC_LEN;

/// Why an image cannot be restored from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// Not [`IMAGE_LEN`] bytes.
    Length,
    /// Torn or worn: the CRC does not fit.
    Crc,
    /// Not an image of this version.
    Version,
    /// Saved by another meter.
    WrongMeter,
    /// Right CRC, but a field that no meter saves.
    Content,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "the image has a wrong length",
            Self::Crc => "the image's CRC does not fit",
            Self::Version => "the image has another version",
            Self::WrongMeter => "the image is of another meter",
            Self::Content => "the image holds an impossible value",
        })
    }
}

impl core::error::Error for ImageError {}

impl Meter {
    /// Writes the power-fail image.
    pub fn save(&self, image: &mut [u8; IMAGE_LEN]) {
        let mut writer = Writer::new(image);
        // The lengths are constants that add up to the image's: the test of the round trip shows it.
        let _ = self.write_image(&mut writer);
    }

    /// A meter after power-up: everything as saved, the clock unknown, one more start counted.
    ///
    /// # Errors
    /// [`ImageError`] if the image is damaged or not this meter's.
    pub fn restore(serial: Serial, key: Key, image: &[u8]) -> Result<Self, ImageError> {
        let image: &[u8; IMAGE_LEN] = image.try_into().map_err(|_| ImageError::Length)?;
        let (content, crc) = image.split_last_chunk::<CRC_LEN>().ok_or(ImageError::Length)?;
        if crc32(content) != u32::from_be_bytes(*crc) {
            return Err(ImageError::Crc);
        }
        let mut reader = Reader::new(content);
        if reader.array() != Some(MAGIC) || reader.u16() != Some(VERSION) {
            return Err(ImageError::Version);
        }
        if reader.u64() != Some(serial.get()) {
            return Err(ImageError::WrongMeter);
        }
        Self::read_rest(serial, key, &mut reader).ok_or(ImageError::Content)
    }

    fn write_image(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.bytes(&MAGIC)?;
        writer.u16(VERSION)?;
        writer.u64(self.serial.get())?;
        RecordKey::all().try_for_each(|key| self.write_record(key, writer))?;
        let crc = crc32(writer.written());
        writer.u32(crc)
    }

    fn read_rest(serial: Serial, key: Key, reader: &mut Reader<'_>) -> Option<Self> {
        let mut meter = Self::new(serial, key);
        for key in RecordKey::all() {
            // A record is as long whatever it says.
            let mut scratch = [0; MAX_RECORD_LEN];
            let mut writer = Writer::new(&mut scratch);
            meter.write_record(key, &mut writer)?;
            meter.load_record(key, reader.take(writer.len())?).ok()?;
        }
        meter.settle();
        Some(meter)
    }
}
