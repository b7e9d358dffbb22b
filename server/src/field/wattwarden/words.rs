//! What our meter's registers say, in the words of every meter.

use domain::observed::{OpenReason, OpenReasons, Release, Releases, Sign, Signs};
use meter_core::registers::{DetailState, HouseholdState};
use meter_core::relay::Reasons;

/// Code of "off until acknowledged" in a household's details.
const AWAITING: u16 = 3;

const REASONS: [(Reasons, OpenReason); 12] = [
    (Reasons::VACANT, OpenReason::Vacant),
    (Reasons::OUT_OF_CREDIT, OpenReason::OutOfCredit),
    (Reasons::FORCED_OFF, OpenReason::ForcedOff),
    (Reasons::LOW_CREDIT_REMINDER, OpenReason::Reminder),
    (Reasons::SCHEDULE, OpenReason::Schedule),
    (Reasons::POWER_CAP, OpenReason::PowerCap),
    (Reasons::OVER_CURRENT, OpenReason::OverCurrent),
    (Reasons::VICIOUS_LOAD, OpenReason::ViciousLoad),
    (Reasons::UNDER_VOLTAGE, OpenReason::UnderVoltage),
    (Reasons::OVER_VOLTAGE, OpenReason::OverVoltage),
    (Reasons::PHASE_LOSS, OpenReason::PhaseLoss),
    (Reasons::LOCKED_OUT, OpenReason::LockedOut),
];

const SIGNS: [(u16, Sign); 8] = [
    (HouseholdState::LOW_CREDIT_WARNING, Sign::LowCredit),
    (HouseholdState::OVERDRAWN, Sign::Overdrawn),
    (HouseholdState::FRIENDLY_TIME, Sign::FriendlyTime),
    (HouseholdState::SECOND_LOOP, Sign::SecondLoop),
    (HouseholdState::SECOND_CONTACT_CLOSED, Sign::SecondClosed),
    (HouseholdState::SECOND_RELAY_FAULT, Sign::SecondFault),
    (HouseholdState::LOCKED_OUT, Sign::LockedOut),
    (HouseholdState::PROTECTION_OPEN, Sign::ProtectionOpen),
];

/// In the order of their bits.
const RELEASES: [Release; 4] =
    [Release::OverCurrent, Release::ViciousLoad, Release::SecondOverCurrent, Release::SecondViciousLoad];

/// The reasons that a register stands for; bits of a later register map are one reason without a word.
#[must_use]
pub fn open_reasons(register: u16) -> OpenReasons {
    let all = Reasons::from_bits(register);
    let known: OpenReasons =
        REASONS.iter().filter(|(bit, _)| all.contains(*bit)).map(|(_, word)| *word).collect();
    let rest = REASONS.iter().fold(all, |rest, (bit, _)| rest.without(*bit));
    if rest.is_empty() { known } else { known.with(OpenReason::Other) }
}

/// What a household's flags have to tell, but for its relay.
pub(in crate::field) fn signs(state: &HouseholdState) -> Signs {
    SIGNS.iter().filter(|(flag, _)| state.has(*flag)).map(|(_, sign)| *sign).collect()
}

/// The lock-outs that the button ends, of the register that says so.
pub(in crate::field) fn releases(register: u16) -> Releases {
    (0..).zip(RELEASES).filter(|(bit, _)| register >> bit & 1 == 1).map(|(_, release)| release).collect()
}

/// The number of the reminder that keeps the supply off until it is acknowledged; 0 for none.
pub(super) fn awaiting(state: &HouseholdState, detail: &DetailState) -> u32 {
    let reminds = state.reasons().contains(Reasons::LOW_CREDIT_REMINDER);
    if reminds && detail.reminder_state == AWAITING { detail.reminders } else { 0 }
}

#[cfg(test)]
mod tests {
    use domain::set::Listed;

    use super::*;

    #[test]
    fn every_bit_of_the_register_map_has_a_word_of_its_own() {
        assert_eq!(REASONS.len(), Reasons::ALL.len());
        for (bit, _) in Reasons::ALL {
            let words: Vec<_> = open_reasons(bit.bits()).iter().collect();
            assert!(words.len() == 1 && words[0] != OpenReason::Other, "{bit}");
        }
        assert_eq!(open_reasons(u16::MAX), OpenReason::ALL.iter().copied().collect());
        assert!(open_reasons(0).is_empty());
        assert_eq!(open_reasons(1 << 15), OpenReasons::of([OpenReason::Other]));
        let all = HouseholdState { flags: u16::MAX, ..HouseholdState::default() };
        assert_eq!(signs(&all), Sign::ALL.iter().copied().collect());
        assert_eq!(signs(&HouseholdState::default()), Signs::new());
        assert_eq!(releases(0b1010), Releases::of([Release::ViciousLoad, Release::SecondViciousLoad]));
    }
}
