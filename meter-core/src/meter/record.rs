//! What a meter must still know after the power was away, as records that are each written whole.
//!
//! The clock is not among them: nobody knows how long the power was away. Big-endian. A command changes
//! exactly one record, so what is found after a power cut is the state before the command or after it.

use super::{HOUSEHOLDS, Meter};
use crate::bytes::{Reader, Writer};
use crate::settings::{HOUSEHOLD_BLOCKS, HouseholdBlock, METER_BLOCKS, MeterBlock};
use crate::units::EnergyTotal;

/// Records of a meter's state.
pub const STATE_RECORDS: usize = 3 + HOUSEHOLDS * (2 + HOUSEHOLD_BLOCKS as usize) + METER_BLOCKS as usize;
/// Most bytes of a record.
pub const MAX_RECORD_LEN: usize = 128;

/// Bytes of the record of all energy registers.
pub const ENERGY_RECORD_LEN: usize = 10 * HOUSEHOLDS;
/// Bytes of the record of a household.
pub const HOUSEHOLD_RECORD_LEN: usize = 79;
/// Bytes of all records of the state together.
pub const STATE_LEN: usize = 9762;

/// Codes leave room for this many blocks a household, so that more blocks move no other record.
const BLOCK_ROOM: u16 = 32;
const STARTS: u16 = 1;
const ENERGY: u16 = 2;
const REVERSE: u16 = 3;
const FIRST_HOUSEHOLD: u16 = 0x10;
const FIRST_PROTECTION: u16 = 0x20;
const FIRST_SETTINGS: u16 = 0x100;
const FIRST_METER_SETTINGS: u16 = FIRST_SETTINGS + BLOCK_ROOM * HOUSEHOLDS as u16;

/// Which part of the state a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// Serial number, starts of the meter and the generation of its clock.
    Starts,
    /// The energy registers of all households, written most often.
    Energy,
    /// Energy that flowed backward, of all households, whole watt-hours.
    Reverse,
    /// Credit, closing snapshot, supply command and reminder of a household, with its energy at that
    /// instant.
    Household(u8),
    /// Lock-outs of a household.
    Protection(u8),
    /// A block of a household's settings.
    HouseholdSettings {
        /// 0..=10.
        household: u8,
        /// The block's number.
        block: u8,
    },
    /// A block of the meter's settings.
    MeterSettings {
        /// The block's number.
        block: u8,
    },
}

impl RecordKey {
    /// Every key, in the order in which records are to be loaded: the energy after the households.
    pub fn all() -> impl Iterator<Item = Self> {
        let households = || 0..HOUSEHOLDS as u8;
        let settings = households().flat_map(|household| {
            (0..HOUSEHOLD_BLOCKS).map(move |block| Self::HouseholdSettings { household, block })
        });
        core::iter::once(Self::Starts)
            .chain((0..METER_BLOCKS).map(|block| Self::MeterSettings { block }))
            .chain(settings)
            .chain(households().map(Self::Household))
            .chain(households().map(Self::Protection))
            .chain([Self::Reverse, Self::Energy])
    }

    /// The key of a number in memory; `None` for one that this firmware does not know.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        let settings = code.wrapping_sub(FIRST_SETTINGS);
        let (owner, block) = (settings / BLOCK_ROOM, (settings % BLOCK_ROOM) as u8);
        match code {
            STARTS => Some(Self::Starts),
            ENERGY => Some(Self::Energy),
            REVERSE => Some(Self::Reverse),
            FIRST_HOUSEHOLD..FIRST_PROTECTION => household_of(code - FIRST_HOUSEHOLD).map(Self::Household),
            FIRST_PROTECTION..FIRST_SETTINGS => household_of(code - FIRST_PROTECTION).map(Self::Protection),
            _ if usize::from(owner) < HOUSEHOLDS && block < HOUSEHOLD_BLOCKS => {
                Some(Self::HouseholdSettings { household: owner as u8, block })
            }
            _ if usize::from(owner) == HOUSEHOLDS && block < METER_BLOCKS => {
                Some(Self::MeterSettings { block })
            }
            _ => None,
        }
    }

    /// The number that stands for it in memory; never changes.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Starts => STARTS,
            Self::Energy => ENERGY,
            Self::Reverse => REVERSE,
            Self::Household(household) => FIRST_HOUSEHOLD + household as u16,
            Self::Protection(household) => FIRST_PROTECTION + household as u16,
            Self::HouseholdSettings { household, block } => {
                FIRST_SETTINGS + BLOCK_ROOM * household as u16 + block as u16
            }
            Self::MeterSettings { block } => FIRST_METER_SETTINGS + block as u16,
        }
    }

    /// Its place among all keys, below [`STATE_RECORDS`]; may change with the firmware.
    #[must_use]
    pub const fn index(self) -> usize {
        const SETTINGS: usize = 3 + 2 * HOUSEHOLDS;
        const METER: usize = SETTINGS + HOUSEHOLDS * HOUSEHOLD_BLOCKS as usize;
        match self {
            Self::Starts => 0,
            Self::Energy => 1,
            Self::Reverse => 2,
            Self::Household(household) => 3 + household as usize,
            Self::Protection(household) => 3 + HOUSEHOLDS + household as usize,
            Self::HouseholdSettings { household, block } => {
                SETTINGS + household as usize * HOUSEHOLD_BLOCKS as usize + block as usize
            }
            Self::MeterSettings { block } => METER + block as usize,
        }
    }
}

fn household_of(number: u16) -> Option<u8> {
    u8::try_from(number).ok().filter(|household| usize::from(*household) < HOUSEHOLDS)
}

/// A record's content is none that this meter writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecord(pub RecordKey);

/// Records that have changed and are not yet saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes([u32; STATE_RECORDS.div_ceil(32)]);

impl Changes {
    pub(crate) fn mark(&mut self, key: RecordKey) {
        if let Some(word) = self.0.get_mut(key.index() / 32) {
            *word |= 1 << (key.index() % 32);
        }
    }

    pub(crate) fn clear(&mut self, key: RecordKey) {
        if let Some(word) = self.0.get_mut(key.index() / 32) {
            *word &= !(1 << (key.index() % 32));
        }
    }

    pub(crate) fn first(&self) -> Option<RecordKey> {
        if self.0.iter().all(|word| *word == 0) {
            return None;
        }
        let marked = |key: &RecordKey| {
            self.0.get(key.index() / 32).is_some_and(|word| word >> (key.index() % 32) & 1 == 1)
        };
        RecordKey::all().find(marked)
    }
}

impl Meter {
    /// Writes a record; `None` if there is no such household or block.
    pub(crate) fn write_record(&self, key: RecordKey, writer: &mut Writer<'_>) -> Option<()> {
        match key {
            RecordKey::Starts => {
                writer.u64(self.serial.get())?;
                writer.u32(self.boot_count)?;
                writer.u32(self.clock.generation())?;
                writer.bytes(&[u8::from(self.trust.unproven)])
            }
            RecordKey::Energy => {
                self.households.iter().try_for_each(|household| household.energy().write(writer))
            }
            RecordKey::Reverse => {
                let totals = self.households.iter().map(|household| household.reverse().total().0);
                totals.into_iter().try_for_each(|total| writer.u32(u32::try_from(total).unwrap_or(u32::MAX)))
            }
            RecordKey::Household(household) => self.household(usize::from(household))?.write(writer),
            RecordKey::Protection(household) => {
                self.household(usize::from(household))?.write_protection(writer)
            }
            RecordKey::HouseholdSettings { household, block } => {
                let (generation, block) = self.household(usize::from(household))?.settings().block(block)?;
                writer.u32(generation)?;
                block.write(writer)
            }
            RecordKey::MeterSettings { block } => {
                let (generation, block) = self.settings.block(block)?;
                writer.u32(generation)?;
                block.write(writer)
            }
        }
    }

    /// Takes a record as it was saved, in the order of [`RecordKey::all`].
    pub(crate) fn load_record(&mut self, key: RecordKey, record: &[u8]) -> Result<(), BadRecord> {
        let mut reader = Reader::new(record);
        self.read_record(key, &mut reader).filter(|()| reader.is_empty()).ok_or(BadRecord(key))
    }

    fn read_record(&mut self, key: RecordKey, reader: &mut Reader<'_>) -> Option<()> {
        match key {
            RecordKey::Starts => {
                if reader.u64()? != self.serial.get() {
                    return None;
                }
                self.boot_count = reader.u32()?.saturating_add(1);
                self.clock = crate::clock::Clock::unknown(reader.u32()?);
                self.trust.unproven = reader.u8()? != 0;
            }
            RecordKey::Energy => {
                for household in &mut self.households {
                    household.resume_energy(crate::energy::Energy::read(reader)?);
                }
            }
            RecordKey::Reverse => {
                for household in &mut self.households {
                    let total = EnergyTotal(reader.u32()?.into());
                    household.set_reverse(crate::energy::Energy::from_parts(total, 0)?);
                }
            }
            RecordKey::Household(household) => {
                self.households.get_mut(usize::from(household))?.read(reader)?;
            }
            RecordKey::Protection(household) => {
                self.households.get_mut(usize::from(household))?.read_protection(reader)?;
            }
            RecordKey::HouseholdSettings { household, block } => {
                let (generation, content) = (reader.u32()?, reader.take_rest());
                let block = HouseholdBlock::read(block, content).ok()?;
                let household = self.households.get_mut(usize::from(household))?;
                household.load_settings(generation, block)?;
            }
            RecordKey::MeterSettings { block } => {
                let (generation, content) = (reader.u32()?, reader.take_rest());
                self.settings.take(generation, MeterBlock::read(block, content).ok()?).ok()?;
            }
        }
        Some(())
    }
}
