//! One household of a meter: its credit, its energy, its relay.

use crate::bytes::{Reader, Writer};
use crate::credit::{Credit, Totals};
use crate::energy::Energy;
use crate::envelope::Refusal;
use crate::relay::{self, Override, Reasons};
use crate::settings::{HouseholdBlock, HouseholdSettings, LoopId};
use crate::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor, UnixSeconds, WattHours};

/// A contact that disagrees with its command for longer than this is a fault; a relay needs well under
/// a second.
pub const RELAY_FAULT_AFTER_MS: u32 = 2000;

/// How a household is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One phase and neutral.
    SinglePhase,
    /// Three phases, for high currents.
    ThreePhase,
}

/// What the metrology measured of one household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measurement {
    /// Phase voltages; single-phase uses the first.
    pub voltage: [MilliVolts; 3],
    /// Phase currents; single-phase uses the first.
    pub current: [MilliAmps; 3],
    /// Active power of all phases together.
    pub power: MilliWatts,
    /// Power factor of all phases together.
    pub power_factor: PowerFactor,
}

/// The state of one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    kind: Kind,
    credit: Credit,
    energy: Energy,
    supply: Override,
    settings: HouseholdSettings,
    reasons: Reasons,
    contact_closed: bool,
    disagreeing_ms: u32,
    measurement: Measurement,
}

impl Household {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            credit: Credit::default(),
            energy: Energy::default(),
            supply: Override::default(),
            settings: HouseholdSettings::FACTORY,
            reasons: Reasons::default(),
            contact_closed: false,
            disagreeing_ms: 0,
            measurement: Measurement::default(),
        }
    }

    /// How it is connected.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its credit account.
    #[must_use]
    pub const fn credit(&self) -> &Credit {
        &self.credit
    }

    /// Its energy register.
    #[must_use]
    pub const fn energy(&self) -> &Energy {
        &self.energy
    }

    /// The latest supply command, whether its time has passed or not.
    #[must_use]
    pub const fn supply(&self) -> &Override {
        &self.supply
    }

    /// What the office has set.
    #[must_use]
    pub const fn settings(&self) -> &HouseholdSettings {
        &self.settings
    }

    /// Why the relay is open; empty when it is closed.
    #[must_use]
    pub const fn reasons(&self) -> Reasons {
        self.reasons
    }

    /// Whether the relay is commanded closed.
    #[must_use]
    pub const fn relay_closed(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Whether the contact was closed when last read back.
    #[must_use]
    pub const fn contact_closed(&self) -> bool {
        self.contact_closed
    }

    /// Whether the contact has disagreed with the command for too long.
    #[must_use]
    pub const fn relay_fault(&self) -> bool {
        self.disagreeing_ms > RELAY_FAULT_AFTER_MS
    }

    /// What was measured last.
    #[must_use]
    pub const fn measurement(&self) -> &Measurement {
        &self.measurement
    }

    /// Takes what was measured over `elapsed_ms`. Energy counts whatever the contact says: it flowed.
    pub(crate) fn measure(&mut self, elapsed_ms: u32, measurement: &Measurement, contact_closed: bool) {
        self.measurement = *measurement;
        self.contact_closed = contact_closed;
        self.disagreeing_ms = if contact_closed == self.relay_closed() {
            0
        } else {
            self.disagreeing_ms.saturating_add(elapsed_ms)
        };
        self.credit.consume(self.energy.accumulate(measurement.power, elapsed_ms));
    }

    /// Decides the relay anew. A new command gives the contact its time again.
    pub(crate) fn settle(&mut self, now: Option<UnixSeconds>) {
        let was_closed = self.relay_closed();
        self.reasons = relay::reasons(&self.credit, &self.supply, now);
        if self.relay_closed() != was_closed {
            self.disagreeing_ms = 0;
        }
    }

    pub(crate) fn set_totals(&mut self, totals: Totals) -> Result<bool, Refusal> {
        self.credit.set_totals(totals)
    }

    pub(crate) fn open_epoch(&mut self, totals: Totals, now: Option<UnixSeconds>) -> Result<bool, Refusal> {
        self.credit.open_epoch(totals, self.energy.total(), now)
    }

    pub(crate) fn set_supply(&mut self, supply: Override) -> Result<bool, Refusal> {
        if supply == self.supply {
            return Ok(false);
        }
        if supply.generation < self.supply.generation {
            return Err(Refusal::Stale);
        }
        if supply.generation == self.supply.generation {
            return Err(Refusal::Conflict);
        }
        self.supply = supply;
        Ok(true)
    }

    pub(crate) fn take_settings(&mut self, generation: u32, block: HouseholdBlock) -> Result<bool, Refusal> {
        if self.kind == Kind::ThreePhase && block.loop_id() == Some(LoopId::Second) {
            return Err(Refusal::OutOfRange);
        }
        self.settings.take(generation, block)
    }

    /// A block as it was saved.
    pub(crate) fn load_settings(&mut self, generation: u32, block: HouseholdBlock) -> Option<()> {
        self.settings.take(generation, block).ok().map(|_| ())
    }

    /// The record that survives a power cut; the settings have their own.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        self.credit.write(writer)?;
        self.energy.write(writer)?;
        self.supply.write(writer)
    }

    pub(crate) fn read(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        self.credit = Credit::read(reader)?;
        self.energy = Energy::read(reader)?;
        self.supply = Override::read(reader)?;
        Some(())
    }

    /// Energy that was counted after the household's record was written.
    pub(crate) fn resume_energy(&mut self, energy: Energy) {
        if energy.is_ahead_of(&self.energy) {
            let since_wh = energy.total().saturating_sub(self.energy.total());
            self.credit.consume(WattHours(u32::try_from(since_wh.0).unwrap_or(u32::MAX)));
            self.energy = energy;
        }
    }
}
