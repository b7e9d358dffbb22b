//! What spoke for a trip, in plain words: the appliance, what its step looked like, and the figures behind that.

use meter_core::evidence::Evidence;
use meter_core::protection::vicious::Cause;
use meter_core::registers::{EventState, decode_event};
use words::Lang;

use crate::store::meters::events::Event;
use crate::web::kit::format::Format;

/// Hexadecimal digits of a register.
const WORD_DIGITS: usize = 4;

/// The appliance that a meter found, with its power.
#[must_use]
pub fn vicious_words(t: Lang, f: &Format, event: &Event) -> String {
    let power = f.power(&event.value.saturating_mul(1000));
    match state(event).and_then(|state| state.evidence.cause()) {
        Some(Cause::Resistive) => t.evidenced_resistive(power),
        Some(Cause::HalfWave) => t.evidenced_half_wave(power),
        Some(Cause::PhaseCut) => t.evidenced_phase_cut(power),
        Some(Cause::Pulsing) => t.evidenced_pulsing(power),
        Some(Cause::NightCap) => t.evidenced_night_cap(power),
        None => t.evidenced_other(power),
    }
}

/// The figures behind a trip or an alarm; `None` for events without evidence.
#[must_use]
pub fn evidence_words(t: Lang, f: &Format, event: &Event) -> Option<String> {
    let state = state(event)?;
    if !state.event()?.kind.has_evidence() {
        return None;
    }
    let Evidence { current_ca, after_ms, .. } = state.evidence;
    let current = f.amps(&(i64::from(current_ca) * 10));
    Some(match state.evidence.cause() {
        None => t.evidence_over_current(current, seconds(t, after_ms)),
        Some(cause) => step(t, cause, &state.evidence, &current),
    })
}

fn step(t: Lang, cause: Cause, evidence: &Evidence, current: &str) -> String {
    let [second, third, fifth] = evidence.harmonics.map(percent);
    let look = match cause {
        Cause::Resistive => t.step_resistive(),
        Cause::HalfWave => t.step_half_wave(),
        Cause::PhaseCut => t.step_phase_cut(),
        Cause::Pulsing => t.step_pulsing(),
        Cause::NightCap => return t.evidence_night_cap(current),
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

/// The event as it was read; `None` if it was another register map's.
fn state(event: &Event) -> Option<EventState> {
    let digits = event.words.as_bytes().chunks(WORD_DIGITS);
    let word = |digits: &[u8]| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    decode_event(&digits.map(word).collect::<Option<Vec<u16>>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(words: &str) -> Event {
        Event {
            life: 0,
            number: 1,
            position: Some(0),
            at_ms: None,
            kind: 17,
            data: 0,
            value: 1_840,
            words: words.to_owned(),
            missed: 0,
            fetched_ms: 0,
            phases: Some(1),
            room_name: None,
        }
    }

    #[test]
    fn a_kettle_is_told_with_its_evidence() {
        let f = Format::new(Lang::En, None, 0);
        let registers = [0, 1, 0, 0, 17, 0, 0, 0, 0, 1_840, 1, 1_840, 800, 21, 1, 12, 4, 103, 0, 0];
        let words: String = registers.iter().map(|word| format!("{word:04x}")).collect();
        let kettle = event(&words);
        assert_eq!(vicious_words(Lang::En, &f, &kettle), "Heater or kettle of 1840\u{a0}W");
        let said = evidence_words(Lang::En, &f, &kettle).unwrap();
        for figure in ["resistive step", "8.00\u{a0}A", "2.1\u{a0}%", "1.2\u{a0}%", "1.03"] {
            assert!(said.contains(figure), "{said}");
        }
    }

    #[test]
    fn registers_of_another_length_are_no_evidence() {
        let f = Format::new(Lang::Zh, None, 0);
        for words in ["", "zz", "00010002"] {
            assert_eq!(evidence_words(Lang::Zh, &f, &event(words)), None);
            assert!(!vicious_words(Lang::Zh, &f, &event(words)).is_empty());
        }
    }
}
