//! The load profile: all energy totals at each full hour, so that the server can fill its own gaps.

use crate::bytes::{Reader, Writer};
use crate::envelope::HOUSEHOLDS;
use crate::meter::Meter;
use crate::units::UnixSeconds;

/// Bytes of a reading in memory.
pub const READING_LEN: usize = 4 + 4 * HOUSEHOLDS;

/// The totals at one full hour, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The full hour.
    pub at: UnixSeconds,
    /// The low 32 bits of each household's energy total, Wh.
    pub totals_wh: [u32; HOUSEHOLDS],
}

impl Reading {
    /// The meter's totals now, if it is exactly a full hour.
    #[must_use]
    pub fn of(meter: &Meter) -> Option<Self> {
        Some(Self::at(meter, meter.clock().full_hour()?))
    }

    /// The meter's totals now, for a full hour that a clock setting has just jumped to or over: nobody knows
    /// them better.
    #[must_use]
    pub fn jumped(meter: &Meter, before: Option<UnixSeconds>) -> Option<Self> {
        let now = meter.clock().now().filter(|now| Some(*now) != before)?;
        let hour = UnixSeconds(now.0 - now.0 % 3600);
        let reached = hour == now || before.is_some_and(|before| before < hour && hour < now);
        reached.then(|| Self::at(meter, hour))
    }

    fn at(meter: &Meter, at: UnixSeconds) -> Self {
        let mut totals_wh = [0; HOUSEHOLDS];
        for (total_wh, household) in totals_wh.iter_mut().zip(meter.households()) {
            *total_wh = household.energy().total().0 as u32;
        }
        Self { at, totals_wh }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u32(self.at.0)?;
        self.totals_wh.iter().try_for_each(|total_wh| writer.u32(*total_wh))
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let at = UnixSeconds(reader.u32()?);
        let mut totals_wh = [0; HOUSEHOLDS];
        for total_wh in &mut totals_wh {
            *total_wh = reader.u32()?;
        }
        Some(Self { at, totals_wh })
    }
}

/// The whole energy total that had these low bits, given what the total is now, later.
#[must_use]
pub const fn whole_total_wh(low: u32, now_wh: u64) -> u64 {
    now_wh.saturating_sub((now_wh as u32).wrapping_sub(low) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_bits_find_their_total() {
        for (total, now) in [(5, 5), (5, 900), (0xFFFF_FFFF, 0x1_0000_0004), (0x7_0000_0000, 0x7_FFFF_FFFF)] {
            assert_eq!(whole_total_wh(total as u32, now), total);
        }
    }
}
