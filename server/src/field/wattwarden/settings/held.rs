//! The settings that a meter holds, as far as they were read back, and what was read in this visit.

use domain::ids::HouseholdId;
use domain::settings::{
    Held, factory_household, factory_meter, household_block, household_text, meter_block, meter_text,
};
use meter_core::envelope::HOUSEHOLDS;
use meter_core::settings::{
    HouseholdBlock, MeterBlock, OWNERS, SiteSettings, household_digest, meter_digest,
};

use crate::db::DbError;
use crate::store::meters::field::{OwnedBlock, SettingsReport, Wanted};
use crate::store::meters::settings::Block;

/// A meter's settings; what was never read is as from the factory.
pub(super) struct HeldSettings {
    ids: [Option<HouseholdId>; HOUSEHOLDS],
    households: [Vec<Held<HouseholdBlock>>; HOUSEHOLDS],
    meter: Vec<Held<MeterBlock>>,
    /// What was read in this visit, to be written down.
    pub(super) report: SettingsReport,
}

impl HeldSettings {
    /// As it was read back before.
    pub(super) fn new(
        wanted: &[Wanted],
        households: &[OwnedBlock],
        meter: &[Block],
    ) -> Result<Self, DbError> {
        let mut held = Self {
            ids: [const { None }; HOUSEHOLDS],
            households: std::array::from_fn(|_| factory_household()),
            meter: factory_meter(),
            report: SettingsReport::default(),
        };
        for wanted in wanted {
            if let Some(id) = index(wanted.position).and_then(|index| held.ids.get_mut(index)) {
                *id = Some(wanted.desired.household_id.clone());
            }
        }
        for OwnedBlock { position, block, .. } in households {
            let value = (generation(block)?, household_block(block.block, &block.content)?);
            let blocks = index(*position).and_then(|index| held.households.get_mut(index));
            if let Some(slot) = blocks.and_then(|blocks| blocks.get_mut(index(block.block)?)) {
                *slot = value;
            }
        }
        for block in meter {
            let value = (generation(block)?, meter_block(block.block, &block.content)?);
            if let Some(slot) = index(block.block).and_then(|number| held.meter.get_mut(number)) {
                *slot = value;
            }
        }
        Ok(held)
    }

    /// The digests that a meter shows which holds exactly this.
    pub(super) fn digests(&self) -> [u32; OWNERS] {
        let mut digests = [meter_digest(self.meter.iter().copied()); OWNERS];
        for (digest, blocks) in digests.iter_mut().zip(&self.households) {
            *digest = household_digest(blocks.iter().copied());
        }
        digests
    }

    /// Whether there is anybody whose settings are kept: a household that is in no row has no place for them.
    pub(super) fn keeps(&self, owner: usize) -> bool {
        owner == HOUSEHOLDS || self.ids.get(owner).is_some_and(Option::is_some)
    }

    /// A block of a household.
    pub(super) fn household(&self, position: usize, number: u8) -> Option<Held<HouseholdBlock>> {
        self.households.get(position)?.get(usize::from(number)).copied()
    }

    /// A block of the meter.
    pub(super) fn meter(&self, number: u8) -> Option<Held<MeterBlock>> {
        self.meter.get(usize::from(number)).copied()
    }

    /// The site's block of the meter.
    pub(super) fn site(&self) -> SiteSettings {
        self.meter
            .iter()
            .find_map(|(_, block)| if let MeterBlock::Site(site) = block { Some(*site) } else { None })
            .unwrap_or(SiteSettings::FACTORY)
    }

    /// Takes down a block of a household that was read.
    pub(super) fn read_household(&mut self, position: usize, held: Held<HouseholdBlock>) {
        let (generation, block) = held;
        let number = block.number();
        let blocks = self.households.get_mut(position);
        if let Some(slot) = blocks.and_then(|blocks| blocks.get_mut(usize::from(number))) {
            *slot = held;
        }
        if let Some(Some(id)) = self.ids.get(position) {
            let row = row(number, household_text(&block), generation);
            self.report.households.push((id.clone(), row));
        }
    }

    /// Takes down a block of the meter that was read.
    pub(super) fn read_meter(&mut self, held: Held<MeterBlock>) {
        let (generation, block) = held;
        if let Some(slot) = self.meter.get_mut(usize::from(block.number())) {
            *slot = held;
        }
        self.report.meter.push(row(block.number(), meter_text(&block), generation));
    }
}

fn row(number: u8, content: String, generation: u32) -> Block {
    Block { block: number.into(), content, generation: generation.into() }
}

fn index(number: i64) -> Option<usize> {
    usize::try_from(number).ok()
}

/// The generation of a stored block.
pub(super) fn generation(block: &Block) -> Result<u32, DbError> {
    u32::try_from(block.generation)
        .map_err(|_| DbError::Corrupt(format!("generation {} of settings", block.generation)))
}
