//! Settings read back: the generation of each block and its words, and digests of them all.

use super::words::Words;
use super::{DIGESTS_LEN, SETTINGS_ADDRESS, SETTINGS_BLOCK_LEN, SETTINGS_STRIDE};
use crate::bytes::Writer;
use crate::envelope::HOUSEHOLDS;
use crate::settings::{HOUSEHOLD_BLOCKS, HouseholdBlock, MAX_BLOCK_LEN, METER_BLOCKS, MeterBlock, OWNERS};

/// Registers of a generation.
const GENERATION_LEN: usize = 2;
const MAX_LEN: usize = 2 * GENERATION_LEN + MAX_BLOCK_LEN;

/// Address of a block of a household's settings; `None` if there is no such household or block.
#[must_use]
pub const fn household_settings_address(household: usize, number: u8) -> Option<u16> {
    if household < HOUSEHOLDS && number < HOUSEHOLD_BLOCKS { Some(address(household, number)) } else { None }
}

/// Address of a block of the meter's settings; `None` if there is no such block.
#[must_use]
pub const fn meter_settings_address(number: u8) -> Option<u16> {
    if number < METER_BLOCKS { Some(address(HOUSEHOLDS, number)) } else { None }
}

const fn address(owner: usize, number: u8) -> u16 {
    SETTINGS_ADDRESS + SETTINGS_STRIDE * owner as u16 + SETTINGS_BLOCK_LEN * number as u16
}

/// Generation and content of block `number` of a household, from its 32 registers; `None` for another
/// number of registers or a content that no meter holds.
#[must_use]
pub fn decode_household_settings(number: u8, words: &[u16]) -> Option<(u32, HouseholdBlock)> {
    let (generation, bytes) = split(words)?;
    // A block is as long whatever it says, so the factory's tells how many registers count.
    let (_, factory) = crate::settings::HouseholdSettings::FACTORY.block(number)?;
    let content = bytes.get(..2 * factory.words())?;
    Some((generation, HouseholdBlock::read(number, content).ok()?))
}

/// Generation and content of block `number` of the meter, from its 32 registers; `None` for another number
/// of registers or a content that no meter holds.
#[must_use]
pub fn decode_meter_settings(number: u8, words: &[u16]) -> Option<(u32, MeterBlock)> {
    let (generation, bytes) = split(words)?;
    let (_, factory) = crate::settings::MeterSettings::FACTORY.block(number)?;
    let content = bytes.get(..2 * factory.words())?;
    Some((generation, MeterBlock::read(number, content).ok()?))
}

/// The digest of each household's settings and of the meter's, from their 24 registers; `None` for another
/// number of registers.
#[must_use]
pub fn decode_digests(words: &[u16]) -> Option<[u32; OWNERS]> {
    let words: &[u16; DIGESTS_LEN as usize] = words.try_into().ok()?;
    let mut digests = [0; OWNERS];
    for (digest, [high, low]) in digests.iter_mut().zip(words.as_chunks::<2>().0) {
        *digest = u32::from(*high) << 16 | u32::from(*low);
    }
    Some(digests)
}

pub(super) fn encode_digests(digests: &[u32; OWNERS], words: &mut Words) {
    for (pair, digest) in words.as_chunks_mut::<2>().0.iter_mut().zip(digests) {
        *pair = [(digest >> 16) as u16, *digest as u16];
    }
}

fn split(words: &[u16]) -> Option<(u32, [u8; MAX_BLOCK_LEN])> {
    let words: &[u16; SETTINGS_BLOCK_LEN as usize] = words.try_into().ok()?;
    let ([high, low], content) = words.split_first_chunk::<GENERATION_LEN>()?;
    let mut bytes = [0; MAX_BLOCK_LEN];
    for (pair, word) in bytes.chunks_exact_mut(2).zip(content) {
        pair.copy_from_slice(&word.to_be_bytes());
    }
    Some((u32::from(*high) << 16 | u32::from(*low), bytes))
}

pub(super) fn encode(
    generation: u32,
    content: impl FnOnce(&mut Writer<'_>) -> Option<()>,
    words: &mut Words,
) {
    let mut bytes = [0; MAX_LEN];
    let mut writer = Writer::new(&mut bytes);
    // The longest block fits: a test writes each of them.
    let _ = writer.u32(generation).and_then(|()| content(&mut writer));
    for (word, pair) in words.iter_mut().zip(writer.written().as_chunks::<2>().0) {
        *word = u16::from_be_bytes(*pair);
    }
}
