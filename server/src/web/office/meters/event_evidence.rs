//! What spoke for a trip, in plain words: the appliance, what its step looked like, and the figures behind that.

use domain::recorded::{Appliance, Recorded, StepEvidence};
use words::Lang;

use crate::web::kit::format::Format;

/// The appliance that a meter found, with its power in W.
#[must_use]
pub fn vicious_words(t: Lang, f: &Format, power_w: i64, evidence: Option<&StepEvidence>) -> String {
    let power = f.power(&power_w.saturating_mul(1000));
    match evidence.map(|evidence| evidence.appliance) {
        Some(Appliance::Resistive) => t.evidenced_resistive(power),
        Some(Appliance::HalfWave) => t.evidenced_half_wave(power),
        Some(Appliance::PhaseCut) => t.evidenced_phase_cut(power),
        Some(Appliance::Pulsing) => t.evidenced_pulsing(power),
        Some(Appliance::NightCap) => t.evidenced_night_cap(power),
        None => t.evidenced_other(power),
    }
}

/// The figures behind a trip or an alarm; `None` for events without evidence.
#[must_use]
pub fn evidence_words(t: Lang, f: &Format, recorded: &Recorded) -> Option<String> {
    match recorded {
        Recorded::OverCurrent { borne: Some((after_ms, current_ma)), .. } => {
            Some(t.evidence_over_current(f.amps(current_ma), seconds(t, *after_ms)))
        }
        Recorded::ViciousLoad { evidence: Some(evidence), .. } => Some(step(t, f, evidence)),
        _ => None,
    }
}

fn step(t: Lang, f: &Format, evidence: &StepEvidence) -> String {
    let current = f.amps(&evidence.current_ma);
    let [second, third, fifth] = evidence.harmonics.map(percent);
    let look = match evidence.appliance {
        Appliance::Resistive => t.step_resistive(),
        Appliance::HalfWave => t.step_half_wave(),
        Appliance::PhaseCut => t.step_phase_cut(),
        Appliance::Pulsing => t.step_pulsing(),
        Appliance::NightCap => return t.evidence_night_cap(current),
    };
    let said = t.evidence_step(look, current, percent(evidence.residual), second, third, fifth);
    match evidence.inrush {
        0 => said,
        inrush => t.evidence_inrush(said, format!("{}.{:02}", inrush / 100, inrush % 100)),
    }
}

/// Thousandths as a percentage.
fn percent(thousandths: u16) -> String {
    format!("{}.{}\u{a0}%", thousandths / 10, thousandths % 10)
}

fn seconds(t: Lang, ms: u16) -> String {
    t.seconds(format!("{}.{:02}", ms / 1000, ms % 1000 / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kettle_is_told_with_its_evidence() {
        let f = Format::new(Lang::En, None, 0);
        let evidence = StepEvidence {
            appliance: Appliance::Resistive,
            current_ma: 8_000,
            residual: 21,
            harmonics: [1, 12, 4],
            inrush: 103,
        };
        let kettle = Recorded::ViciousLoad { tripped: true, power_w: 1_840, evidence: Some(evidence) };
        let found = vicious_words(Lang::En, &f, 1_840, Some(&evidence));
        assert_eq!(found, "Heater or kettle of 1840\u{a0}W");
        let said = evidence_words(Lang::En, &f, &kettle).unwrap();
        for figure in ["resistive step", "8.00\u{a0}A", "2.1\u{a0}%", "1.2\u{a0}%", "1.03"] {
            assert!(said.contains(figure), "{said}");
        }
    }

    #[test]
    fn what_has_no_evidence_has_none() {
        let f = Format::new(Lang::Zh, None, 0);
        let unknown = Recorded::ViciousLoad { tripped: false, power_w: 9, evidence: None };
        for recorded in [unknown, Recorded::Started { times: 1 }] {
            assert_eq!(evidence_words(Lang::Zh, &f, &recorded), None);
        }
        assert!(!vicious_words(Lang::Zh, &f, 9, None).is_empty());
    }
}
