//! Why a relay is open, in words.

use domain::observed::{OpenReason, OpenReasons};
use words::Lang;

/// The reasons to keep a relay open, in the order of their list; empty when there are none.
#[must_use]
pub fn reason_words(t: Lang, all: OpenReasons) -> String {
    all.iter().map(|one| word(t, one)).collect::<Vec<_>>().join(t.list_separator())
}

fn word(t: Lang, reason: OpenReason) -> &'static str {
    match reason {
        OpenReason::Vacant => t.reason_vacant(),
        OpenReason::OutOfCredit => t.reason_out_of_credit(),
        OpenReason::ForcedOff => t.reason_forced_off(),
        OpenReason::Reminder => t.reason_reminder(),
        OpenReason::Schedule => t.reason_schedule(),
        OpenReason::PowerCap => t.reason_power_cap(),
        OpenReason::OverCurrent => t.reason_over_current(),
        OpenReason::ViciousLoad => t.reason_vicious_load(),
        OpenReason::UnderVoltage => t.reason_under_voltage(),
        OpenReason::OverVoltage => t.reason_over_voltage(),
        OpenReason::PhaseLoss => t.reason_phase_loss(),
        OpenReason::LockedOut => t.reason_locked_out(),
        OpenReason::Other => t.reason_other(),
    }
}

/// Those of the reasons that are protection's.
#[must_use]
pub fn of_protection(all: OpenReasons) -> OpenReasons {
    all.only(OpenReason::is_protection)
}

#[cfg(test)]
mod tests {
    use domain::set::Listed;

    use super::*;

    #[test]
    fn every_reason_has_words_of_its_own_in_both_languages() {
        for t in Lang::ALL {
            let words: Vec<_> = OpenReason::ALL.iter().map(|one| word(t, *one)).collect();
            for (index, word) in words.iter().enumerate() {
                assert!(!word.is_empty() && !words[..index].contains(word), "{word}");
            }
            assert_eq!(reason_words(t, OpenReasons::new()), "");
        }
    }
}
