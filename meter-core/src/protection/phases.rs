//! The voltage protection of a household as it is connected: one phase, or three.

use super::voltage::{Fault, Settings, Voltage};
use crate::household::Kind;
use crate::relay::Reasons;
use crate::units::MilliVolts;

/// The voltage protection of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phases {
    One(Voltage<1>),
    Three(Voltage<3>),
}

impl Phases {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::SinglePhase => Self::One(Voltage::default()),
            Kind::ThreePhase => Self::Three(Voltage::default()),
        }
    }

    /// Takes the voltages of the last `elapsed_ms`; a household of one phase uses the first.
    pub(super) fn flow(&mut self, elapsed_ms: u32, voltages: &[MilliVolts; 3], settings: &Settings) {
        match self {
            Self::One(voltage) => voltage.tick(elapsed_ms, &[voltages[0]], settings),
            Self::Three(voltage) => voltage.tick(elapsed_ms, voltages, settings),
        };
    }

    pub(super) fn faults(&self) -> [Fault; 3] {
        match self {
            Self::One(voltage) => {
                let [fault] = voltage.faults();
                [fault, Fault::None, Fault::None]
            }
            Self::Three(voltage) => voltage.faults(),
        }
    }

    pub(super) fn reasons(&self) -> Reasons {
        self.faults().iter().fold(Reasons::default(), |all, fault| all.with(reason(*fault)))
    }
}

fn reason(fault: Fault) -> Reasons {
    match fault {
        Fault::None => Reasons::default(),
        Fault::Under => Reasons::UNDER_VOLTAGE,
        Fault::Over => Reasons::OVER_VOLTAGE,
        Fault::Lost => Reasons::PHASE_LOSS,
    }
}
