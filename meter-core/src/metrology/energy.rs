//! Energy of one current input: active in both directions and reactive, the residue carried, and nothing
//! counted while only noise flows.

/// µW × 2^-16 samples in one Wh.
pub const RESIDUE_PER_WATT_HOUR: i64 = 3600 * super::SAMPLE_RATE_HZ as i64 * 65_536 * 1_000_000;

/// Power of one input beyond which a reading is not believed, µW: keeps a residue from overflowing.
const MAX_POWER_MICRO: i64 = 100_000_000_000;

/// Below which power nothing is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLoad {
    /// Counting begins above, µW (µvar for reactive energy).
    pub start_micro: u32,
    /// and ends below, µW.
    pub stop_micro: u32,
}

impl NoLoad {
    /// For a class 1 meter of IEC 62053-21 with basic current `basic_ma` at `nominal_mv`: the standard asks
    /// for a start at 0.4 % of the basic current; this counts from 0.16 % and stops below 0.12 %.
    #[must_use]
    pub const fn class_1(basic_ma: u32, nominal_mv: u32) -> Self {
        // mA × mV = µW.
        let basic = basic_ma as u64 * nominal_mv as u64;
        Self { start_micro: (basic * 16 / 10_000) as u32, stop_micro: (basic * 12 / 10_000) as u32 }
    }
}

/// µW × 2^-16 samples in one mW·ms.
const RESIDUE_PER_MW_MS: i64 = RESIDUE_PER_WATT_HOUR / crate::energy::RESIDUE_PER_WATT_HOUR as i64;

/// A register in mW·ms; what is less than one comes with a later reading of it.
const fn whole_mw_ms(wh: u64, residue: i64) -> u64 {
    wh.saturating_mul(crate::energy::RESIDUE_PER_WATT_HOUR)
        .saturating_add((residue / RESIDUE_PER_MW_MS) as u64)
}

/// One kind of energy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Counted while power is positive, Wh or varh.
    pub forward_wh: u64,
    /// Counted while power is negative, Wh or varh.
    pub reverse_wh: u64,
    forward_residue: i64,
    reverse_residue: i64,
    /// Power smoothed over some sixteen cycles: decides whether anything flows.
    smoothed_micro: i64,
    flowing: bool,
}

impl Flow {
    /// What is not yet a whole watt-hour, forward, of [`RESIDUE_PER_WATT_HOUR`].
    #[must_use]
    pub const fn forward_residue(&self) -> i64 {
        self.forward_residue
    }

    /// What is not yet a whole watt-hour, backward, of [`RESIDUE_PER_WATT_HOUR`].
    #[must_use]
    pub const fn reverse_residue(&self) -> i64 {
        self.reverse_residue
    }

    /// Counted forward, mW·ms.
    #[must_use]
    pub const fn forward_mw_ms(&self) -> u64 {
        whole_mw_ms(self.forward_wh, self.forward_residue)
    }

    /// Counted backward, mW·ms.
    #[must_use]
    pub const fn reverse_mw_ms(&self) -> u64 {
        whole_mw_ms(self.reverse_wh, self.reverse_residue)
    }

    /// Whether power is above the no-load threshold.
    #[must_use]
    pub const fn flowing(&self) -> bool {
        self.flowing
    }

    /// Adds `power_micro` during `duration`, in 2^-16 samples.
    fn add(&mut self, power_micro: i64, duration: u32, no_load: &NoLoad) {
        let power_micro = power_micro.clamp(-MAX_POWER_MICRO, MAX_POWER_MICRO);
        self.smoothed_micro += (power_micro - self.smoothed_micro) / 16;
        let threshold = if self.flowing { no_load.stop_micro } else { no_load.start_micro };
        self.flowing = self.smoothed_micro.unsigned_abs() > u64::from(threshold);
        if !self.flowing {
            return;
        }
        let energy = power_micro * i64::from(duration);
        let (wh, residue) = if energy >= 0 {
            (&mut self.forward_wh, &mut self.forward_residue)
        } else {
            (&mut self.reverse_wh, &mut self.reverse_residue)
        };
        *residue += energy.saturating_abs();
        while *residue >= RESIDUE_PER_WATT_HOUR {
            *residue -= RESIDUE_PER_WATT_HOUR;
            *wh = wh.saturating_add(1);
        }
    }
}

/// The registers of one current input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EnergyRegister {
    /// Active energy.
    pub active: Flow,
    /// Reactive energy of the fundamental; forward while the current lags.
    pub reactive: Flow,
}

impl EnergyRegister {
    /// Adds one cycle that lasted `duration` 2^-16 samples.
    pub(super) fn add_cycle(&mut self, power_uw: i64, reactive_uvar: i64, duration: u32, no_load: &NoLoad) {
        self.active.add(power_uw, duration, no_load);
        self.reactive.add(reactive_uvar, duration, no_load);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CYCLE: u32 = 128 << 16;
    const NO_LOAD: NoLoad = NoLoad::class_1(5000, 230_000);

    fn run(powers_uw: impl IntoIterator<Item = i64>) -> EnergyRegister {
        let mut register = EnergyRegister::default();
        for power in powers_uw {
            register.add_cycle(power, -power, CYCLE, &NO_LOAD);
        }
        register
    }

    #[test]
    fn a_kilowatt_for_an_hour_is_a_kilowatt_hour_but_for_the_start() {
        let flow = run([1_000_000_000].repeat(50 * 3600)).active;
        assert_eq!((flow.forward_wh, flow.reverse_wh), (1000, 0));
    }

    #[test]
    fn both_directions_are_counted_apart() {
        let mut powers = [2_000_000_000].repeat(50 * 1800);
        powers.extend([-2_000_000_000].repeat(50 * 900));
        let register = run(powers);
        assert_eq!((register.active.forward_wh, register.active.reverse_wh), (1000, 500));
        assert_eq!((register.reactive.forward_wh, register.reactive.reverse_wh), (500, 1000));
    }

    #[test]
    fn the_threshold_has_hysteresis() {
        let (start, stop) = (i64::from(NO_LOAD.start_micro), i64::from(NO_LOAD.stop_micro));
        assert!(!run([start - 1000].repeat(500)).active.flowing());
        let mut powers = [start + 1000].repeat(500);
        assert!(run(powers.clone()).active.flowing());
        powers.extend([stop + 1000].repeat(500));
        assert!(run(powers.clone()).active.flowing());
        powers.extend([stop - 1000].repeat(500));
        assert!(!run(powers).active.flowing());
    }

    proptest! {
        #[test]
        fn no_energy_is_lost_or_made(powers in prop::collection::vec(5_000_000i64..100_000_000_000, 40..200)) {
            let flow = run(powers.iter().copied()).active;
            let counted = i128::from(flow.forward_wh) * i128::from(RESIDUE_PER_WATT_HOUR)
                + i128::from(flow.forward_residue());
            let exact: i128 = powers.iter().map(|power| i128::from(*power) * i128::from(CYCLE)).sum();
            let started: i128 = powers[..2].iter().map(|power| i128::from(*power) * i128::from(CYCLE)).sum();
            prop_assert!(counted <= exact && counted >= exact - 5 * started - (1 << 60), "{counted} of {exact}");
        }
    }
}
