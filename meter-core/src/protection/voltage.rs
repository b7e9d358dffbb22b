//! Under- and over-voltage of each phase with hysteresis, and loss of a phase of a three-phase household.

use crate::units::MilliVolts;

/// The settings; a limit of 0 is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Below this is too little.
    pub under: MilliVolts,
    /// Above this is too much.
    pub over: MilliVolts,
    /// By so much it must come back within the limits to be well again.
    pub hysteresis: MilliVolts,
    /// Below this a phase is lost, if another is not: three-phase households only.
    pub lost: MilliVolts,
    /// For so long a fault must last to count, ms.
    pub delay_ms: u32,
    /// and so long it must be gone, ms.
    pub recovery_ms: u32,
}

/// What is wrong with a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Too little voltage.
    Under,
    /// Too much voltage.
    Over,
    /// None, while other phases have some.
    Lost,
}

/// One phase: the fault that counts, and one that does not yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Watched {
    fault: Fault,
    coming: Fault,
    since_ms: u32,
}

/// The voltage protection of one household: one phase, or three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voltage<const PHASES: usize> {
    phases: [Watched; PHASES],
}

impl<const PHASES: usize> Default for Voltage<PHASES> {
    fn default() -> Self {
        Self { phases: [Watched::default(); PHASES] }
    }
}

impl<const PHASES: usize> Voltage<PHASES> {
    /// The fault of each phase; any but [`Fault::None`] wants the relay open.
    #[must_use]
    pub fn faults(&self) -> [Fault; PHASES] {
        self.phases.map(|phase| phase.fault)
    }

    /// Takes the voltages of the last `elapsed_ms`. Returns whether a fault came or went.
    pub fn tick(&mut self, elapsed_ms: u32, voltages: &[MilliVolts; PHASES], settings: &Settings) -> bool {
        let alive = voltages.iter().any(|voltage| *voltage >= settings.lost);
        let mut changed = false;
        for (phase, voltage) in self.phases.iter_mut().zip(voltages) {
            let lost = PHASES > 1 && alive && *voltage < settings.lost;
            let found = if lost { Fault::Lost } else { phase.judge(*voltage, settings) };
            changed |= phase.take(found, elapsed_ms, settings);
        }
        changed
    }
}

impl Watched {
    /// What `voltage` alone says; a limit is nearer the middle while it has been crossed.
    fn judge(&self, voltage: MilliVolts, settings: &Settings) -> Fault {
        let back = |fault: Fault| if self.fault == fault { settings.hysteresis } else { MilliVolts(0) };
        let was_low = if self.fault == Fault::Lost { settings.hysteresis } else { back(Fault::Under) };
        if settings.under.0 != 0 && voltage < settings.under.saturating_add(was_low) {
            Fault::Under
        } else if settings.over.0 != 0 && voltage > settings.over.saturating_sub(back(Fault::Over)) {
            Fault::Over
        } else {
            Fault::None
        }
    }

    fn take(&mut self, found: Fault, elapsed_ms: u32, settings: &Settings) -> bool {
        if found == self.fault {
            (self.coming, self.since_ms) = (found, 0);
            return false;
        }
        self.since_ms =
            if found == self.coming { self.since_ms.saturating_add(elapsed_ms) } else { elapsed_ms };
        self.coming = found;
        let needed_ms = if found == Fault::None { settings.recovery_ms } else { settings.delay_ms };
        if self.since_ms < needed_ms {
            return false;
        }
        (self.fault, self.since_ms) = (found, 0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings {
        under: MilliVolts(180_000),
        over: MilliVolts(260_000),
        hysteresis: MilliVolts(5000),
        lost: MilliVolts(60_000),
        delay_ms: 500,
        recovery_ms: 2000,
    };

    fn after<const PHASES: usize>(
        protection: &mut Voltage<PHASES>,
        volts: [u32; PHASES],
        ticks: u32,
    ) -> [Fault; PHASES] {
        for _ in 0..ticks {
            protection.tick(100, &volts.map(|volt| MilliVolts(volt * 1000)), &SETTINGS);
        }
        protection.faults()
    }

    #[test]
    fn a_fault_counts_after_its_delay_and_goes_with_hysteresis() {
        for (bad, edge, good, fault) in [(170, 184, 186, Fault::Under), (270, 256, 254, Fault::Over)] {
            let mut protection = Voltage::<1>::default();
            assert_eq!(after(&mut protection, [bad], 4), [Fault::None]);
            assert_eq!(after(&mut protection, [230], 1), [Fault::None], "too short");
            assert_eq!(after(&mut protection, [bad], 5), [fault]);
            assert_eq!(after(&mut protection, [edge], 100), [fault], "within the hysteresis");
            assert_eq!(after(&mut protection, [good], 19), [fault]);
            assert_eq!(after(&mut protection, [good], 1), [Fault::None]);
        }
    }

    #[test]
    fn a_phase_is_lost_only_beside_others() {
        let mut protection = Voltage::<3>::default();
        assert_eq!(after(&mut protection, [230, 20, 230], 5), [Fault::None, Fault::Lost, Fault::None]);
        assert_eq!(after(&mut protection, [230, 230, 230], 20), [Fault::None; 3]);
        assert_eq!(
            after(&mut protection, [0, 0, 0], 5),
            [Fault::Under; 3],
            "a power cut is no loss of a phase"
        );
        assert_eq!(after(&mut Voltage::<1>::default(), [0], 5), [Fault::Under]);
    }

    #[test]
    fn limits_of_zero_are_off() {
        let off = Settings { under: MilliVolts(0), over: MilliVolts(0), lost: MilliVolts(0), ..SETTINGS };
        let mut protection = Voltage::<3>::default();
        for millivolts in [0, 500_000] {
            assert!(!protection.tick(10_000, &[MilliVolts(millivolts); 3], &off));
        }
    }
}
