//! Digests of settings: whether anything changed since the last look, without reading it all.

use super::block::{HouseholdBlock, MAX_BLOCK_LEN, MeterBlock};
use super::{HouseholdSettings, MeterSettings};
use crate::crc32::Crc32;
use crate::envelope::HOUSEHOLDS;

/// Those who have settings of their own: the households, and the meter after them.
pub const OWNERS: usize = HOUSEHOLDS + 1;

/// CRC-32 of generation (u32) and words of every block of a household, in the order of their numbers.
#[must_use]
pub fn household_digest(blocks: impl IntoIterator<Item = (u32, HouseholdBlock)>) -> u32 {
    let with = |digest: Crc32, (generation, block): (u32, HouseholdBlock)| {
        let mut bytes = [0; MAX_BLOCK_LEN];
        digest.with(&generation.to_be_bytes()).with(block.to_bytes(&mut bytes))
    };
    blocks.into_iter().fold(Crc32::new(), with).value()
}

/// The same of the blocks of the meter.
#[must_use]
pub fn meter_digest(blocks: impl IntoIterator<Item = (u32, MeterBlock)>) -> u32 {
    let with = |digest: Crc32, (generation, block): (u32, MeterBlock)| {
        let mut bytes = [0; MAX_BLOCK_LEN];
        digest.with(&generation.to_be_bytes()).with(block.to_bytes(&mut bytes))
    };
    blocks.into_iter().fold(Crc32::new(), with).value()
}

/// CRC-32 of the digests of all households and of the meter.
#[must_use]
pub fn whole_digest(owners: &[u32; OWNERS]) -> u32 {
    owners.iter().fold(Crc32::new(), |digest, owner| digest.with(&owner.to_be_bytes())).value()
}

impl HouseholdSettings {
    /// The digest of all blocks.
    #[must_use]
    pub fn digest(&self) -> u32 {
        household_digest((0..super::HOUSEHOLD_BLOCKS).map_while(|number| self.block(number)))
    }
}

impl MeterSettings {
    /// The digest of all blocks.
    #[must_use]
    pub fn digest(&self) -> u32 {
        meter_digest((0..super::METER_BLOCKS).map_while(|number| self.block(number)))
    }
}
