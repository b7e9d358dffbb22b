//! All settings of a household, each block with its generation.

use super::block::{HouseholdBlock, LoopId, Which, which};
use super::credit::CreditSettings;
use super::friendly::FriendlyTimes;
use super::over_current::OverCurrentSettings;
use super::schedule::{CapSettings, DayTable, DayType};
use super::versioned::Versioned;
use super::vicious::{PermittedAppliances, ViciousSettings};
use super::voltage::VoltageSettings;
use crate::envelope::Refusal;
use crate::protection::vicious;

/// Settings of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopSettings {
    cap: Versioned<CapSettings>,
    tables: [Versioned<DayTable>; DayType::ALL.len()],
    over_current: Versioned<OverCurrentSettings>,
    vicious: Versioned<ViciousSettings>,
    permitted: Versioned<PermittedAppliances>,
    /// The two above as the detector takes them: made when they are set, for it asks each cycle.
    rules: vicious::Settings,
}

impl LoopSettings {
    const FACTORY: Self = Self {
        cap: Versioned::new(CapSettings::FACTORY),
        tables: [Versioned::new(DayTable::FACTORY); DayType::ALL.len()],
        over_current: Versioned::new(OverCurrentSettings::FACTORY),
        vicious: Versioned::new(ViciousSettings::FACTORY),
        permitted: Versioned::new(PermittedAppliances::FACTORY),
        rules: vicious::Settings::NONE,
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

    /// Its over-current protection.
    #[must_use]
    pub const fn over_current(&self) -> &OverCurrentSettings {
        &self.over_current.value
    }

    /// Its control of vicious loads.
    #[must_use]
    pub const fn vicious(&self) -> &ViciousSettings {
        &self.vicious.value
    }

    /// The same with what is permitted, as the detector takes it.
    #[must_use]
    pub const fn rules(&self) -> &vicious::Settings {
        &self.rules
    }

    fn take_vicious(&mut self, generation: u32, value: ViciousSettings) -> Result<bool, Refusal> {
        let changed = self.vicious.take(generation, value)?;
        self.rules = self.vicious.value.rules(&self.permitted.value);
        Ok(changed)
    }

    fn take_permitted(&mut self, generation: u32, value: PermittedAppliances) -> Result<bool, Refusal> {
        let changed = self.permitted.take(generation, value)?;
        self.rules = self.vicious.value.rules(&self.permitted.value);
        Ok(changed)
    }
}

/// Settings of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseholdSettings {
    credit: Versioned<CreditSettings>,
    friendly: Versioned<FriendlyTimes>,
    voltage: Versioned<VoltageSettings>,
    main: LoopSettings,
    second: LoopSettings,
}

impl HouseholdSettings {
    /// As a meter leaves the factory.
    pub const FACTORY: Self = Self {
        credit: Versioned::new(CreditSettings::FACTORY),
        friendly: Versioned::new(FriendlyTimes::FACTORY),
        voltage: Versioned::new(VoltageSettings::FACTORY),
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

    /// Its voltage protection.
    #[must_use]
    pub const fn voltage(&self) -> &VoltageSettings {
        &self.voltage.value
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
            Which::Voltage => (self.voltage.generation, HouseholdBlock::Voltage(self.voltage.value)),
            Which::OverCurrent(id) => {
                let over_current = &self.of_loop(id).over_current;
                (over_current.generation, HouseholdBlock::OverCurrent(id, over_current.value))
            }
            Which::Vicious(id) => {
                let vicious = &self.of_loop(id).vicious;
                (vicious.generation, HouseholdBlock::Vicious(id, vicious.value))
            }
            Which::Permitted(id) => {
                let permitted = &self.of_loop(id).permitted;
                (permitted.generation, HouseholdBlock::Permitted(id, permitted.value))
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
            HouseholdBlock::Voltage(value) => self.voltage.take(generation, value),
            HouseholdBlock::OverCurrent(id, value) => {
                self.of_loop_mut(id).over_current.take(generation, value)
            }
            HouseholdBlock::Vicious(id, value) => self.of_loop_mut(id).take_vicious(generation, value),
            HouseholdBlock::Permitted(id, value) => self.of_loop_mut(id).take_permitted(generation, value),
        }
    }

    const fn of_loop_mut(&mut self, id: LoopId) -> &mut LoopSettings {
        match id {
            LoopId::Main => &mut self.main,
            LoopId::Second => &mut self.second,
        }
    }
}
