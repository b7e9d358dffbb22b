//! All settings of a household, each block with its generation.

use super::block::{HouseholdBlock, LoopId, Which, which};
use super::credit::CreditSettings;
use super::friendly::FriendlyTimes;
use super::schedule::{CapSettings, DayTable, DayType};
use super::versioned::Versioned;
use crate::envelope::Refusal;

/// Settings of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopSettings {
    cap: Versioned<CapSettings>,
    tables: [Versioned<DayTable>; DayType::ALL.len()],
}

impl LoopSettings {
    const FACTORY: Self = Self {
        cap: Versioned::new(CapSettings::FACTORY),
        tables: [Versioned::new(DayTable::FACTORY); DayType::ALL.len()],
    };

    /// What happens when the cap of a period is exceeded.
    #[must_use]
    pub const fn cap(&self) -> &CapSettings {
        &self.cap.value
    }

    /// The table of a kind of day.
    #[must_use]
    pub const fn table(&self, day: DayType) -> &DayTable {
        let [working, rest, holiday, examination] = &self.tables;
        match day {
            DayType::Working => &working.value,
            DayType::Rest => &rest.value,
            DayType::Holiday => &holiday.value,
            DayType::Examination => &examination.value,
        }
    }
}

/// Settings of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseholdSettings {
    credit: Versioned<CreditSettings>,
    friendly: Versioned<FriendlyTimes>,
    main: LoopSettings,
    second: LoopSettings,
}

impl HouseholdSettings {
    /// As a meter leaves the factory.
    pub const FACTORY: Self = Self {
        credit: Versioned::new(CreditSettings::FACTORY),
        friendly: Versioned::new(FriendlyTimes::FACTORY),
        main: LoopSettings::FACTORY,
        second: LoopSettings::FACTORY,
    };

    /// What credit does.
    #[must_use]
    pub const fn credit(&self) -> &CreditSettings {
        &self.credit.value
    }

    /// When credit never disconnects.
    #[must_use]
    pub const fn friendly(&self) -> &FriendlyTimes {
        &self.friendly.value
    }

    /// The settings of a loop.
    #[must_use]
    pub const fn of_loop(&self, id: LoopId) -> &LoopSettings {
        match id {
            LoopId::Main => &self.main,
            LoopId::Second => &self.second,
        }
    }

    /// Block `number` with its generation; `None` from [`super::HOUSEHOLD_BLOCKS`] on.
    #[must_use]
    pub fn block(&self, number: u8) -> Option<(u32, HouseholdBlock)> {
        Some(match which(number)? {
            Which::Credit => (self.credit.generation, HouseholdBlock::Credit(self.credit.value)),
            Which::Friendly => (self.friendly.generation, HouseholdBlock::Friendly(self.friendly.value)),
            Which::Cap(id) => {
                let cap = &self.of_loop(id).cap;
                (cap.generation, HouseholdBlock::Cap(id, cap.value))
            }
            Which::Table(id, day) => {
                let table = self.of_loop(id).tables.get(usize::from(day.code()))?;
                (table.generation, HouseholdBlock::Table(id, day, table.value))
            }
        })
    }

    /// Takes a block; returns whether it was a new one.
    pub(crate) fn take(&mut self, generation: u32, block: HouseholdBlock) -> Result<bool, Refusal> {
        match block {
            HouseholdBlock::Credit(value) => self.credit.take(generation, value),
            HouseholdBlock::Friendly(value) => self.friendly.take(generation, value),
            HouseholdBlock::Cap(id, value) => self.of_loop_mut(id).cap.take(generation, value),
            HouseholdBlock::Table(id, day, value) => {
                let tables = &mut self.of_loop_mut(id).tables;
                let table = tables.get_mut(usize::from(day.code())).ok_or(Refusal::OutOfRange)?;
                table.take(generation, value)
            }
        }
    }

    const fn of_loop_mut(&mut self, id: LoopId) -> &mut LoopSettings {
        match id {
            LoopId::Main => &mut self.main,
            LoopId::Second => &mut self.second,
        }
    }
}
