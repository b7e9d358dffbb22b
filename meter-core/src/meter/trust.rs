//! How far the meter trusts its memory, and what it asks of commands while it does not.
//!
//! What guards against a recorded command is that totals and generations only grow. A meter whose memory has
//! gaps may have an old total or none, and everything that was ever sent would sell again. So each household
//! whose record is not provably the latest, and the meter itself for its clock and its own settings, takes
//! only commands that are sealed over the meter's nonce ([`crate::envelope`]). The first totals or epoch
//! taken so prove the household, the first clock setting the meter; both survive a power cut with them.

use super::{Meter, RecordKey};
use crate::envelope::{Command, Opened, Refusal};
use crate::events::EventKind;
use crate::household::Household;

/// What is known of the memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trust {
    /// It failed when it was last written to.
    pub(super) failed: bool,
    /// Something in it had rotted since the start.
    pub(super) rotted: bool,
    /// Clock and settings of the meter may be old ones.
    pub(super) unproven: bool,
    /// 0 for none.
    pub(super) nonce: u32,
    told_repaired: bool,
    told_lost: bool,
}

impl Meter {
    /// Whether the memory failed when it was last written to.
    #[must_use]
    pub const fn memory_fault(&self) -> bool {
        self.trust.failed
    }

    /// Whether something in the memory had rotted since the start, repaired or not.
    #[must_use]
    pub const fn memory_rotted(&self) -> bool {
        self.trust.rotted
    }

    /// What must not be taken but fresh: bit per household, and bit 15 for clock and settings of the meter.
    #[must_use]
    pub fn unproven(&self) -> u16 {
        self.bits(Household::is_unproven) | u16::from(self.trust.unproven) << 15
    }

    /// The number that makes a command fresh; 0 while the hardware gave none.
    #[must_use]
    pub const fn nonce(&self) -> u32 {
        self.trust.nonce
    }

    /// Takes a number that nobody can know before, for commands to be sealed over: at every start, from the
    /// hardware's source of randomness. Without one an unproven meter takes no command.
    pub const fn set_nonce(&mut self, nonce: u32) {
        self.trust.nonce = nonce;
    }

    pub(crate) fn set_memory_fault(&mut self, fault: bool) {
        self.trust.failed = fault;
    }

    /// The memory had rotted in so many places. Told once each between two starts, for a damaged page is found
    /// record by record.
    pub(crate) fn tell_rot(&mut self, repaired: u16, lost: u16, unproven: bool) {
        self.trust.rotted |= repaired > 0 || lost > 0 || unproven;
        if repaired > 0 && !self.trust.told_repaired {
            self.trust.told_repaired = true;
            self.tell(EventKind::MemoryRepaired, None, 0, i32::from(repaired));
        }
        if (lost > 0 || unproven) && !self.trust.told_lost {
            self.trust.told_lost = true;
            self.tell(EventKind::MemoryLost, None, u16::from(unproven), i32::from(lost));
        }
    }

    /// Nothing of a household's state is known to be the latest.
    pub(crate) fn doubt_household(&mut self, household: u8) {
        if let Some(doubted) = self.households.get_mut(usize::from(household)) {
            doubted.set_unproven(true);
            self.changes.mark(RecordKey::Household(household));
        }
    }

    /// Clock and settings of the meter are not known to be the latest.
    pub(crate) fn doubt_meter(&mut self) {
        self.trust.unproven = true;
        self.changes.mark(RecordKey::Starts);
    }

    /// From the factory: nothing was ever sent to this meter, so that nothing can be recorded.
    pub(crate) fn prove_all(&mut self) {
        self.trust.unproven = false;
        self.changes.mark(RecordKey::Starts);
        for (number, household) in (0..).zip(&mut self.households) {
            household.set_unproven(false);
            self.changes.mark(RecordKey::Household(number));
        }
    }

    pub(super) fn check_fresh(&self, opened: &Opened) -> Result<(), Refusal> {
        let doubted = match opened.command.household() {
            Some(household) => self.household(household.into()).is_some_and(Household::is_unproven),
            None => self.trust.unproven,
        };
        if doubted && !opened.fresh { Err(Refusal::NotFresh) } else { Ok(()) }
    }

    /// A command that was taken may prove what it is about; returns whether it did.
    pub(super) fn prove_by(&mut self, command: &Command) -> bool {
        match *command {
            Command::CreditTotals { household, .. } | Command::OpenEpoch { household, .. } => self
                .households
                .get_mut(usize::from(household))
                .filter(|household| household.is_unproven())
                .map(|household| household.set_unproven(false))
                .is_some(),
            Command::Clock { .. } => core::mem::take(&mut self.trust.unproven),
            _ => false,
        }
    }
}
