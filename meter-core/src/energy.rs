//! Power × time into whole watt-hours; what is less than one is carried, so nothing is lost in rounding.

use crate::bytes::{Reader, Writer};
use crate::units::{EnergyTotal, MilliWatts, WattHours};

/// mW·ms in one Wh.
pub const RESIDUE_PER_WATT_HOUR: u64 = 3_600_000_000;

/// Largest total that a record holds.
const MAX_SAVED_WH: u64 = (1 << 48) - 1;

/// The energy register of a household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Energy {
    total: EnergyTotal,
    residue: u64,
}

impl Energy {
    /// A register as it was saved; `None` if the residue is a whole watt-hour or more.
    #[must_use]
    pub const fn from_parts(total: EnergyTotal, residue: u64) -> Option<Self> {
        if residue < RESIDUE_PER_WATT_HOUR { Some(Self { total, residue }) } else { None }
    }

    /// Energy ever measured.
    #[must_use]
    pub const fn total(&self) -> EnergyTotal {
        self.total
    }

    /// What is not yet a whole watt-hour, mW·ms.
    #[must_use]
    pub const fn residue(&self) -> u64 {
        self.residue
    }

    /// 6 bytes of total, which is more than any meter ever counts, and 4 of residue.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u16((self.total.0.min(MAX_SAVED_WH) >> 32) as u16)?;
        writer.u32(self.total.0.min(MAX_SAVED_WH) as u32)?;
        writer.u32(u32::try_from(self.residue).unwrap_or(0))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let total = u64::from(reader.u16()?) << 32 | u64::from(reader.u32()?);
        Self::from_parts(EnergyTotal(total), u64::from(reader.u32()?))
    }

    /// Whether this register stands further than the other; energy only grows.
    pub(crate) fn is_ahead_of(&self, other: &Self) -> bool {
        (self.total, self.residue) > (other.total, other.residue)
    }

    /// Adds `power` during `elapsed_ms` and returns the watt-hours that became whole. Reverse flow
    /// counts as zero.
    pub fn accumulate(&mut self, power: MilliWatts, elapsed_ms: u32) -> WattHours {
        let power_mw = u64::try_from(power.0).unwrap_or(0);
        // At most 2^31 × 2^32, which is below 2^64.
        self.add(power_mw * u64::from(elapsed_ms))
    }

    /// Adds energy, mW·ms, and returns the watt-hours that became whole.
    pub fn add(&mut self, energy_mw_ms: u64) -> WattHours {
        let sum = energy_mw_ms.saturating_add(self.residue);
        let whole = sum / RESIDUE_PER_WATT_HOUR;
        self.residue = sum % RESIDUE_PER_WATT_HOUR;
        self.total = self.total.saturating_add(EnergyTotal(whole));
        WattHours(u32::try_from(whole).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_kilowatt_hour_is_a_thousand() {
        let mut energy = Energy::default();
        assert_eq!(energy.accumulate(MilliWatts(1_000_000), 3_600_000), WattHours(1000));
        assert_eq!(energy.accumulate(MilliWatts(-1_000_000), 3_600_000), WattHours(0));
        assert_eq!(energy.total(), EnergyTotal(1000));
    }

    #[test]
    fn the_largest_step_does_not_overflow() {
        let almost_whole = RESIDUE_PER_WATT_HOUR - 1;
        let mut energy = Energy::from_parts(EnergyTotal(u64::MAX), almost_whole).unwrap();
        energy.accumulate(MilliWatts(i32::MAX), u32::MAX);
        assert_eq!(energy.total(), EnergyTotal(u64::MAX));
        assert_eq!(Energy::from_parts(EnergyTotal(0), RESIDUE_PER_WATT_HOUR), None);
    }

    proptest! {
        #[test]
        fn splitting_an_interval_does_not_matter(
            power in -10_000_000i32..100_000_000,
            parts in prop::collection::vec(0u32..10_000_000, 1..20),
        ) {
            let power = MilliWatts(power);
            let mut split = Energy::default();
            let whole_wh: u32 = parts.iter().map(|part| split.accumulate(power, *part).0).sum();
            let mut once = Energy::default();
            let once_wh = once.accumulate(power, parts.iter().sum());
            prop_assert_eq!(split, once);
            prop_assert_eq!(whole_wh, once_wh.0);
        }
    }
}
