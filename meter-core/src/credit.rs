//! Prepaid credit of one household: numbered epochs (one tenancy each) and monotone totals.
//!
//! Nobody says "add 50 kWh": the office says what the total ever credited in an epoch is, so a message
//! that comes twice, late or out of order changes nothing.

use crate::bytes::{Reader, Writer};
use crate::envelope::Refusal;
use crate::units::{EnergyTotal, UnixSeconds, WattHours};

/// What was ever credited and debited within one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Totals {
    /// The tenancy's number; 0 means that none was opened yet.
    pub epoch: u32,
    /// Ever credited (sold or granted) in this epoch.
    pub credited: WattHours,
    /// Ever taken back (refunded, corrected) in this epoch.
    pub debited: WattHours,
}

/// How an epoch stood at the instant it was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClosingSnapshot {
    /// The epoch that was closed, never 0.
    pub epoch: u32,
    /// Total credited in it.
    pub credited: WattHours,
    /// Total debited in it.
    pub debited: WattHours,
    /// Energy used in it.
    pub used: WattHours,
    /// The household's energy total at that instant.
    pub energy_total: EnergyTotal,
    /// When; `None` if the meter's clock was unknown.
    pub closed_at: Option<UnixSeconds>,
}

impl Totals {
    /// What these totals leave when so much was used, Wh.
    pub(crate) fn remaining_after(&self, used_wh: u32) -> i64 {
        i64::from(self.credited.0) - i64::from(self.debited.0) - i64::from(used_wh)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u32(self.epoch)?;
        writer.u32(self.credited.0)?;
        writer.u32(self.debited.0)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let epoch = reader.u32()?;
        let credited = WattHours(reader.u32()?);
        Some(Self { epoch, credited, debited: WattHours(reader.u32()?) })
    }
}

impl ClosingSnapshot {
    fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        writer.u32(self.epoch)?;
        writer.u32(self.credited.0)?;
        writer.u32(self.debited.0)?;
        writer.u32(self.used.0)?;
        writer.u64(self.energy_total.0)?;
        writer.u32(UnixSeconds::or_zero(self.closed_at))
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            epoch: reader.u32()?,
            credited: WattHours(reader.u32()?),
            debited: WattHours(reader.u32()?),
            used: WattHours(reader.u32()?),
            energy_total: EnergyTotal(reader.u64()?),
            closed_at: UnixSeconds::unless_zero(reader.u32()?),
        })
    }
}

/// The credit account inside the meter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    totals: Totals,
    used: WattHours,
    closing: Option<ClosingSnapshot>,
}

impl Credit {
    /// An account as it was saved.
    #[must_use]
    pub const fn from_parts(totals: Totals, used: WattHours, closing: Option<ClosingSnapshot>) -> Self {
        Self { totals, used, closing }
    }

    /// The current epoch and its totals.
    #[must_use]
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// Energy used in the current epoch.
    #[must_use]
    pub const fn used(&self) -> WattHours {
        self.used
    }

    /// How the epoch before ended; only the latest is kept.
    #[must_use]
    pub const fn closing(&self) -> Option<ClosingSnapshot> {
        self.closing
    }

    /// Whether no epoch was ever opened.
    #[must_use]
    pub const fn is_vacant(&self) -> bool {
        self.totals.epoch == 0
    }

    /// What is left, Wh; negative after overdrawing or when more was debited than was left.
    #[must_use]
    pub fn remaining(&self) -> i64 {
        self.totals.remaining_after(self.used.0)
    }

    /// Counts energy that was measured.
    pub fn consume(&mut self, energy: WattHours) {
        self.used = self.used.saturating_add(energy);
    }

    /// Takes new totals of the current epoch; returns whether anything changed.
    ///
    /// # Errors
    /// [`Refusal::WrongEpoch`] for another epoch (or none opened yet), [`Refusal::Stale`] if either total
    /// would go backwards.
    pub fn set_totals(&mut self, totals: Totals) -> Result<bool, Refusal> {
        if self.is_vacant() || totals.epoch != self.totals.epoch {
            return Err(Refusal::WrongEpoch);
        }
        if totals.credited < self.totals.credited || totals.debited < self.totals.debited {
            return Err(Refusal::Stale);
        }
        let changed = totals != self.totals;
        self.totals = totals;
        Ok(changed)
    }

    /// Closes the current epoch at this instant and opens a later one with nothing used. For the epoch
    /// that is already open it does the same as [`Self::set_totals`], so repeats are harmless.
    ///
    /// # Errors
    /// [`Refusal::WrongEpoch`] for an earlier epoch, else as [`Self::set_totals`].
    pub fn open_epoch(
        &mut self,
        totals: Totals,
        energy_total: EnergyTotal,
        now: Option<UnixSeconds>,
    ) -> Result<bool, Refusal> {
        if totals.epoch <= self.totals.epoch {
            return self.set_totals(totals);
        }
        if !self.is_vacant() {
            self.closing = Some(self.snapshot(energy_total, now));
        }
        self.totals = totals;
        self.used = WattHours(0);
        Ok(true)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Option<()> {
        self.totals.write(writer)?;
        writer.u32(self.used.0)?;
        // Epoch 0 says that there is no snapshot.
        self.closing.unwrap_or_default().write(writer)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let totals = Totals::read(reader)?;
        let used = WattHours(reader.u32()?);
        let closing = ClosingSnapshot::read(reader)?;
        Some(Self { totals, used, closing: (closing.epoch != 0).then_some(closing) })
    }

    fn snapshot(&self, energy_total: EnergyTotal, now: Option<UnixSeconds>) -> ClosingSnapshot {
        ClosingSnapshot {
            epoch: self.totals.epoch,
            credited: self.totals.credited,
            debited: self.totals.debited,
            used: self.used,
            energy_total,
            closed_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    fn totals(epoch: u32, credited: u32, debited: u32) -> Totals {
        Totals { epoch, credited: WattHours(credited), debited: WattHours(debited) }
    }

    fn open(credit: &mut Credit, new: Totals) -> Result<bool, Refusal> {
        credit.open_epoch(new, EnergyTotal(77), Some(UnixSeconds(9)))
    }

    fn opened() -> Credit {
        let mut credit = Credit::default();
        assert_eq!(open(&mut credit, totals(3, 1000, 0)), Ok(true));
        credit
    }

    #[test]
    fn nothing_is_credited_before_an_epoch_is_open() {
        let mut credit = Credit::default();
        assert_eq!(credit.set_totals(totals(0, 5, 0)), Err(Refusal::WrongEpoch));
        assert_eq!(open(&mut credit, totals(0, 5, 0)), Err(Refusal::WrongEpoch));
        assert_eq!(credit, Credit::default());
    }

    #[test]
    fn totals_table() {
        let cases = [
            (totals(3, 1000, 0), Ok(false)),
            (totals(3, 1001, 0), Ok(true)),
            (totals(3, 1000, 1), Ok(true)),
            (totals(3, 1000, 5000), Ok(true)),
            (totals(3, 999, 0), Err(Refusal::Stale)),
            (totals(3, 999, 1), Err(Refusal::Stale)),
            (totals(2, 2000, 0), Err(Refusal::WrongEpoch)),
            (totals(4, 2000, 0), Err(Refusal::WrongEpoch)),
        ];
        for (command, answer) in cases {
            let mut credit = opened();
            assert_eq!(credit.set_totals(command), answer, "{command:?}");
            let expected = if answer.is_ok() { command } else { totals(3, 1000, 0) };
            assert_eq!(credit.totals(), expected);
        }
    }

    #[test]
    fn neither_total_goes_backwards_while_the_other_grows() {
        let mut credit = opened();
        credit.set_totals(totals(3, 1000, 50)).unwrap();
        for backwards in [totals(3, 1000, 49), totals(3, 2000, 49), totals(3, 999, 60)] {
            assert_eq!(credit.set_totals(backwards), Err(Refusal::Stale), "{backwards:?}");
            assert_eq!(open(&mut credit, backwards), Err(Refusal::Stale), "{backwards:?}");
        }
        assert_eq!(credit.totals(), totals(3, 1000, 50));
    }

    #[test]
    fn opening_closes_the_epoch_before_at_one_instant() {
        let mut credit = opened();
        credit.consume(WattHours(400));
        assert_eq!(credit.remaining(), 600);
        assert_eq!(open(&mut credit, totals(7, 50, 0)), Ok(true));
        let closing = credit.closing().unwrap();
        assert_eq!((closing.epoch, closing.credited.0, closing.used.0), (3, 1000, 400));
        assert_eq!((closing.energy_total, closing.closed_at), (EnergyTotal(77), Some(UnixSeconds(9))));
        assert_eq!((credit.used(), credit.remaining()), (WattHours(0), 50));
    }

    #[test]
    fn a_repeated_opening_does_not_reset_what_was_used() {
        let mut credit = opened();
        credit.consume(WattHours(10));
        assert_eq!(open(&mut credit, totals(3, 1000, 0)), Ok(false));
        assert_eq!(credit.used(), WattHours(10));
        assert_eq!(credit.closing(), None);
        assert_eq!(open(&mut credit, totals(2, 9000, 0)), Err(Refusal::WrongEpoch));
    }

    #[test]
    fn the_first_opening_leaves_no_snapshot() {
        assert_eq!(opened().closing(), None);
    }

    #[test]
    fn remaining_reaches_both_ends_without_wrapping() {
        let mut credit = Credit::default();
        open(&mut credit, totals(1, 0, u32::MAX)).unwrap();
        credit.consume(WattHours(u32::MAX));
        credit.consume(WattHours(1));
        assert_eq!(credit.remaining(), -2 * i64::from(u32::MAX));
    }

    proptest! {
        #[test]
        fn any_order_of_the_same_messages_ends_at_the_highest(
            mut messages in prop::collection::vec((1000u32..5000, 0u32..500), 1..8),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        ) {
            messages.sort_unstable();
            let sent: Vec<Totals> = messages.iter().scan(0, |highest_debit, (credited, debited)| {
                *highest_debit = (*highest_debit).max(*debited);
                Some(totals(3, *credited, *highest_debit))
            }).collect();
            let mut credit = opened();
            for index in order {
                let _ = credit.set_totals(*index.get(&sent));
            }
            for message in &sent {
                let _ = credit.set_totals(*message);
            }
            prop_assert_eq!(credit.totals(), *sent.last().unwrap());
        }
    }
}
