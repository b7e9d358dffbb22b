//! Reading the settings that changed since they were read last: whose they are is told by digests.

use crate::field::bus::Bus;
use crate::field::met::Halt;
use crate::field::trouble;
use crate::field::wattwarden::session::Session;
use line::LinkError;
use meter_core::envelope::HOUSEHOLDS;
use meter_core::registers::{
    DIGESTS_ADDRESS, DIGESTS_LEN, SETTINGS_BLOCK_LEN, decode_digests, decode_household_settings,
    decode_meter_settings, household_settings_address, meter_settings_address,
};
use meter_core::settings::{HOUSEHOLD_BLOCKS, METER_BLOCKS, OWNERS, whole_digest};

use super::held::HeldSettings;

/// Blocks that one read gives: 96 of at most 125 registers.
const BLOCKS_A_READ: u8 = 3;

impl Session<'_> {
    /// Reads the blocks of all those whose digest is not that of what is held. The digests are read first: what
    /// changes while the blocks are read shows in them the next time.
    pub(super) async fn read_changed(
        &self,
        bus: &mut Bus<'_>,
        digest: u32,
        held: &mut HeldSettings,
    ) -> Result<(), Halt> {
        let known = held.digests();
        if whole_digest(&known) == digest {
            return Ok(());
        }
        let words = bus.read(DIGESTS_ADDRESS, DIGESTS_LEN).await?;
        let found = decode_digests(&words).ok_or(trouble::NOT_A_BLOCK)?;
        let changed = (0..OWNERS).zip(known.iter().zip(&found)).filter(|(_, (known, found))| known != found);
        let owners: Vec<usize> = changed.map(|(owner, _)| owner).filter(|owner| held.keeps(*owner)).collect();
        for owner in owners {
            if owner == HOUSEHOLDS {
                read_meter(bus, held).await?;
            } else {
                read_household(bus, owner, held).await?;
            }
        }
        Ok(())
    }
}

async fn read_household(
    bus: &mut Bus<'_>,
    position: usize,
    held: &mut HeldSettings,
) -> Result<(), LinkError> {
    for first in (0..HOUSEHOLD_BLOCKS).step_by(BLOCKS_A_READ.into()) {
        let address = household_settings_address(position, first).ok_or(trouble::NO_SUCH_BLOCK)?;
        let last = HOUSEHOLD_BLOCKS.min(first + BLOCKS_A_READ);
        let words = bus.read(address, SETTINGS_BLOCK_LEN * u16::from(last - first)).await?;
        for (number, words) in (first..last).zip(words.chunks(SETTINGS_BLOCK_LEN.into())) {
            let block = decode_household_settings(number, words).ok_or(trouble::NOT_A_BLOCK)?;
            held.read_household(position, block);
        }
    }
    Ok(())
}

async fn read_meter(bus: &mut Bus<'_>, held: &mut HeldSettings) -> Result<(), LinkError> {
    let address = meter_settings_address(0).ok_or(trouble::NO_SUCH_BLOCK)?;
    let words = bus.read(address, SETTINGS_BLOCK_LEN * u16::from(METER_BLOCKS)).await?;
    for (number, words) in (0..METER_BLOCKS).zip(words.chunks(SETTINGS_BLOCK_LEN.into())) {
        held.read_meter(decode_meter_settings(number, words).ok_or(trouble::NOT_A_BLOCK)?);
    }
    Ok(())
}
