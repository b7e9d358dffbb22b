//! Why a relay is open, in words.

use meter_core::relay::Reasons;

use words::Lang;

/// The meter's reasons to keep a relay open, in the order of their bits; empty when there are none.
#[must_use]
pub fn reason_words(t: Lang, all: Reasons) -> String {
    let known = [
        (Reasons::VACANT, t.reason_vacant()),
        (Reasons::OUT_OF_CREDIT, t.reason_out_of_credit()),
        (Reasons::FORCED_OFF, t.reason_forced_off()),
        (Reasons::LOW_CREDIT_REMINDER, t.reason_reminder()),
        (Reasons::SCHEDULE, t.reason_schedule()),
        (Reasons::POWER_CAP, t.reason_power_cap()),
        (Reasons::OVER_CURRENT, t.reason_over_current()),
        (Reasons::VICIOUS_LOAD, t.reason_vicious_load()),
        (Reasons::UNDER_VOLTAGE, t.reason_under_voltage()),
        (Reasons::OVER_VOLTAGE, t.reason_over_voltage()),
        (Reasons::PHASE_LOSS, t.reason_phase_loss()),
        (Reasons::LOCKED_OUT, t.reason_locked_out()),
    ];
    let mut words: Vec<_> =
        known.iter().filter(|(one, _)| all.contains(*one)).map(|(_, word)| *word).collect();
    if !known.iter().fold(all, |rest, (one, _)| rest.without(*one)).is_empty() {
        words.push(t.reason_other());
    }
    words.join(t.list_separator())
}

/// Everything that protection may have against a closed relay.
const PROTECTION: [Reasons; 6] = [
    Reasons::OVER_CURRENT,
    Reasons::VICIOUS_LOAD,
    Reasons::UNDER_VOLTAGE,
    Reasons::OVER_VOLTAGE,
    Reasons::PHASE_LOSS,
    Reasons::LOCKED_OUT,
];

/// Those of the reasons that are protection's.
#[must_use]
pub fn of_protection(all: Reasons) -> Reasons {
    PROTECTION.iter().fold(Reasons::default(), |found, one| found.with(one.only_if(all.contains(*one))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_of_its_own_in_both_languages() {
        for t in Lang::ALL {
            let words: Vec<_> = Reasons::ALL.iter().map(|(one, _)| reason_words(t, *one)).collect();
            for (index, word) in words.iter().enumerate() {
                assert!(!word.is_empty() && *word != t.reason_other(), "{index}");
                assert!(!words[..index].contains(word), "{word}");
            }
            assert_eq!(reason_words(t, Reasons::from_bits(1 << 15)), t.reason_other());
            assert_eq!(reason_words(t, Reasons::default()), "");
        }
    }

    #[test]
    fn protection_is_told_from_credit() {
        let trip = Reasons::VICIOUS_LOAD.with(Reasons::LOCKED_OUT);
        assert_eq!(of_protection(trip.with(Reasons::OUT_OF_CREDIT)), trip);
        assert!(of_protection(Reasons::SCHEDULE).is_empty());
    }
}
