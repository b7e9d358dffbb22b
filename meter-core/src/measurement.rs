//! What the hardware says of one household and of one loop, and what is counted of it.

use crate::units::{MilliAmps, MilliVolts, MilliWatts, PowerFactor};

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
    /// Phases whose power flows backward, bit per phase, bit 0 the first: a transformer is the wrong way
    /// round, or something feeds in.
    pub reversed: u8,
    /// What the registers of the metrology counted since the tick before; without it energy is power by time.
    pub counted: Option<Counted>,
}

/// Energy that was counted, mW·ms: of each phase by itself, so that one that flows backward takes nothing from
/// the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// To the household.
    pub forward: u64,
    /// From it.
    pub reverse: u64,
}

impl Counted {
    /// Of a power over a time.
    fn of(power: MilliWatts, elapsed_ms: u32) -> Self {
        let energy = u64::from(power.0.unsigned_abs()) * u64::from(elapsed_ms);
        if power.0 < 0 { Self { forward: 0, reverse: energy } } else { Self { forward: energy, reverse: 0 } }
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            forward: self.forward.saturating_add(other.forward),
            reverse: self.reverse.saturating_add(other.reverse),
        }
    }
}

impl Measurement {
    /// What is counted of it after so long.
    pub(crate) fn counted(&self, elapsed_ms: u32) -> Counted {
        self.counted.unwrap_or_else(|| Counted::of(self.power, elapsed_ms))
    }

    /// Phases that flow backward; without the metrology's word by the power of all.
    pub(crate) const fn reversed_phases(&self) -> u8 {
        if self.counted.is_none() && self.power.0 < 0 { 1 } else { self.reversed }
    }
}

/// What the hardware reports of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) measurement: Measurement,
    pub(crate) contact_closed: bool,
}
