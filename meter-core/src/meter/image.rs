//! The power-fail image: what a meter must still know after the power was away.
//!
//! The clock is not in it: nobody knows how long the power was away. Big-endian, CRC-32 at the end.

use super::{HOUSEHOLDS, Household, Kind, Meter, kind_of};
use crate::bytes::{Reader, Writer};
use crate::crc32::crc32;
use crate::credit::{ClosingSnapshot, Credit, Totals};
use crate::energy::Energy;
use crate::envelope::Key;
use crate::relay::{Override, SupplyMode};
use crate::serial::Serial;
use crate::units::{EnergyTotal, UnixSeconds, WattHours};
use core::fmt;

const MAGIC: [u8; 4] = *b"WWIM";
const VERSION: u16 = 1;
const HEADER_LEN: usize = 22;
const HOUSEHOLD_LEN: usize = 69;
const CRC_LEN: usize = 4;

/// Bytes of an image.
pub const IMAGE_LEN: usize = HEADER_LEN + HOUSEHOLDS * HOUSEHOLD_LEN + CRC_LEN;

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
        writer.u32(self.boot_count)?;
        writer.u32(self.clock.generation())?;
        for household in &self.households {
            write_household(household, writer)?;
        }
        let crc = crc32(writer.written());
        writer.u32(crc)
    }

    fn read_rest(serial: Serial, key: Key, reader: &mut Reader<'_>) -> Option<Self> {
        let boot_count = reader.u32()?.saturating_add(1);
        let clock_generation = reader.u32()?;
        let mut households = core::array::from_fn(|index| Household::new(kind_of(index)));
        for household in &mut households {
            *household = read_household(household.kind(), reader)?;
        }
        Some(Self::started(serial, key, households, clock_generation, boot_count))
    }
}

fn write_household(household: &Household, writer: &mut Writer<'_>) -> Option<()> {
    let (credit, energy, supply) = (household.credit(), household.energy(), household.supply());
    writer.u32(credit.totals().epoch)?;
    writer.u32(credit.totals().credited.0)?;
    writer.u32(credit.totals().debited.0)?;
    writer.u32(credit.used().0)?;
    writer.u64(energy.total().0)?;
    writer.u64(energy.residue())?;
    writer.u8(supply.mode.code())?;
    writer.u32(supply.until.map_or(0, UnixSeconds::get))?;
    writer.u32(supply.generation)?;
    write_closing(credit.closing(), writer)
}

/// Epoch 0 says that there is none, time 0 that the clock was unknown.
fn write_closing(closing: Option<ClosingSnapshot>, writer: &mut Writer<'_>) -> Option<()> {
    writer.u32(closing.map_or(0, |closing| closing.epoch))?;
    writer.u32(closing.map_or(0, |closing| closing.credited.0))?;
    writer.u32(closing.map_or(0, |closing| closing.debited.0))?;
    writer.u32(closing.map_or(0, |closing| closing.used.0))?;
    writer.u64(closing.map_or(0, |closing| closing.energy_total.0))?;
    writer.u32(closing.and_then(|closing| closing.closed_at).map_or(0, UnixSeconds::get))
}

fn read_household(kind: Kind, reader: &mut Reader<'_>) -> Option<Household> {
    let epoch = reader.u32()?;
    let credited = WattHours(reader.u32()?);
    let debited = WattHours(reader.u32()?);
    let used = WattHours(reader.u32()?);
    let energy = Energy::from_parts(EnergyTotal(reader.u64()?), reader.u64()?)?;
    let mode = SupplyMode::from_code(reader.u8()?)?;
    let until = known(reader.u32()?);
    let generation = reader.u32()?;
    let closing = read_closing(reader)?;
    let credit = Credit::from_parts(Totals { epoch, credited, debited }, used, closing);
    Some(Household::restored(kind, credit, energy, Override { mode, until, generation }))
}

fn read_closing(reader: &mut Reader<'_>) -> Option<Option<ClosingSnapshot>> {
    let closing = ClosingSnapshot {
        epoch: reader.u32()?,
        credited: WattHours(reader.u32()?),
        debited: WattHours(reader.u32()?),
        used: WattHours(reader.u32()?),
        energy_total: EnergyTotal(reader.u64()?),
        closed_at: known(reader.u32()?),
    };
    Some((closing.epoch != 0).then_some(closing))
}

fn known(seconds: u32) -> Option<UnixSeconds> {
    (seconds != 0).then_some(UnixSeconds(seconds))
}
