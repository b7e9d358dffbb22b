//! What meters recorded, in plain words: who, what, when.

use domain::recorded::{Recorded, VoltageChange};
use domain::settings::factory_block;
use words::Lang;

use crate::reads::meters::events::Event;
use crate::web::kit::format::Format;
use crate::web::kit::reasons::reason_words;
use crate::web::kit::status::mode_word;
use crate::web::office::meters::event_evidence::{evidence_words, vicious_words};
use crate::web::office::meters::meter_new::outlet_label;
use crate::web::office::meters::settings::title;

/// A line of a list of events.
pub struct EventLine {
    /// What happened.
    pub what: String,
    /// Whose: the outlet and its room, or the whole meter.
    pub whose: String,
    /// What spoke for it, where the meter measured that.
    pub evidence: Option<String>,
    /// When, by the meter's clock, or that it did not know.
    pub when: String,
    /// The icon in the sprite.
    pub icon: &'static str,
    /// That events before this one are missing.
    pub missed: Option<String>,
}

/// Events as lines.
#[must_use]
pub fn event_lines(t: Lang, f: &Format, events: &[Event]) -> Vec<EventLine> {
    events.iter().map(|event| event_line(t, f, event)).collect()
}

fn event_line(t: Lang, f: &Format, event: &Event) -> EventLine {
    EventLine {
        what: what(t, f, event),
        whose: whose(t, event),
        evidence: evidence_words(t, f, &event.recorded),
        when: match &event.at_ms {
            Some(at_ms) => f.when_exact(at_ms),
            None => t.event_time_unknown(f.when(&event.fetched_ms)),
        },
        icon: icon(&event.recorded),
        missed: (event.missed > 0).then(|| t.events_missed(event.missed)),
    }
}

fn whose(t: Lang, event: &Event) -> String {
    let Some(position) = event.position else { return t.event_whole_meter().to_owned() };
    let outlet = outlet_label(t, position, event.phases.unwrap_or(1));
    match &event.room_name {
        Some(room) => t.event_outlet(outlet, room),
        None => t.event_outlet_free(outlet),
    }
}

fn what(t: Lang, f: &Format, event: &Event) -> String {
    let watts = |power_w: &i64| f.power(&power_w.saturating_mul(1000));
    match &event.recorded {
        Recorded::Started { times } => t.event_started(times),
        Recorded::RelayOpened { second, reasons, left_wh } => {
            let (why, left) = (reason_words(t, *reasons), f.kwh(left_wh));
            if *second { t.event_second_off(why, left) } else { t.event_off(why, left) }
        }
        Recorded::RelayClosed { second: true, left_wh } => t.event_second_on(f.kwh(left_wh)),
        Recorded::RelayClosed { left_wh, .. } => t.event_on(f.kwh(left_wh)),
        Recorded::EpochOpened { epoch } => t.event_epoch(epoch),
        Recorded::TotalsTaken { credited_wh } => t.event_totals(f.kwh(credited_wh)),
        Recorded::SupplyCommanded { mode } => t.event_supply(mode_word(t, *mode)),
        Recorded::ClockSet { forward_s } => clock_set(t, forward_s.unwrap_or(0)),
        Recorded::SettingsTaken { block } => match settings_name(t, event.position, *block) {
            Some(name) => t.event_settings(name),
            None => t.event_other(block),
        },
        Recorded::FaultBegan { second: true } => t.event_second_fault().to_owned(),
        Recorded::FaultBegan { .. } => t.event_fault().to_owned(),
        Recorded::FaultEnded { second: true } => t.event_second_fault_over().to_owned(),
        Recorded::FaultEnded { .. } => t.event_fault_over().to_owned(),
        Recorded::Reminded { off_s: None } => t.event_reminded_until_seen().to_owned(),
        Recorded::Reminded { off_s: Some(off_s) } => t.event_reminded(t.seconds(off_s)),
        Recorded::Acknowledged { at_meter: true } => t.event_acknowledged_meter().to_owned(),
        Recorded::Acknowledged { .. } => t.event_acknowledged_office().to_owned(),
        Recorded::CapExceeded { second: true, power_w } => t.event_second_capped(watts(power_w)),
        Recorded::CapExceeded { power_w, .. } => t.event_capped(watts(power_w)),
        Recorded::Unknown { code } => t.event_other(code),
        recorded => protection(t, f, recorded),
    }
}

/// What protection did.
fn protection(t: Lang, f: &Format, recorded: &Recorded) -> String {
    match recorded {
        Recorded::ViciousLoad { tripped, power_w, evidence } => {
            let found = vicious_words(t, f, *power_w, evidence.as_ref());
            if *tripped { t.event_vicious_trip(found) } else { t.event_vicious_alarm(found) }
        }
        Recorded::OverCurrent { second: true, current_ma, .. } => {
            t.event_second_over_current(f.amps(current_ma))
        }
        Recorded::OverCurrent { current_ma, .. } => t.event_over_current(f.amps(current_ma)),
        Recorded::LockedOut { second: true, number } => t.event_second_locked_out(number),
        Recorded::LockedOut { number, .. } => t.event_locked_out(number),
        Recorded::Released { at_meter: true } => t.event_released_meter().to_owned(),
        Recorded::Released { .. } => t.event_released_office().to_owned(),
        Recorded::Voltage { change, phase, voltage_mv } => {
            let volts = f.volts(voltage_mv);
            match change {
                VoltageChange::Under => t.event_under_voltage(phase, volts),
                VoltageChange::Over => t.event_over_voltage(phase, volts),
                VoltageChange::Lost => t.event_phase_lost(phase, volts),
                VoltageChange::Back => t.event_voltage_back(phase, volts),
            }
        }
        recorded => health(t, f, recorded),
    }
}

/// What is wrong with the meter itself.
fn health(t: Lang, f: &Format, recorded: &Recorded) -> String {
    match recorded {
        Recorded::MemoryRepaired { places } => t.event_memory_repaired(places),
        Recorded::MemoryLost { unproven: true, .. } => t.event_memory_unproven().to_owned(),
        Recorded::MemoryLost { parts, .. } => t.event_memory_parts(parts),
        Recorded::ReverseBegan { phases, power_w } => {
            t.event_reverse(reversed(t, *phases), f.power(&power_w.saturating_mul(1000)))
        }
        Recorded::ReverseEnded { energy_wh } => t.event_reverse_over(f.kwh(energy_wh)),
        _ => String::new(),
    }
}

/// Phases, and the second loop, of which a bit is set.
fn reversed(t: Lang, phases: u16) -> String {
    let second = t.event_reverse_second();
    let named = ["L1", "L2", "L3", second].into_iter().enumerate();
    let set: Vec<&str> = named.filter(|(bit, _)| phases >> bit & 1 == 1).map(|(_, name)| name).collect();
    set.join(", ")
}

fn clock_set(t: Lang, forward_s: i64) -> String {
    let seconds = t.seconds(forward_s.abs());
    match forward_s.signum() {
        1 => t.event_clock_forward(seconds),
        -1 => t.event_clock_back(seconds),
        _ => t.event_clock_set().to_owned(),
    }
}

fn settings_name(t: Lang, position: Option<i64>, block: i64) -> Option<&'static str> {
    if position.is_none() {
        return Some(t.event_site_settings());
    }
    factory_block(u8::try_from(block).ok()?).map(|block| title(t, &block))
}

const fn icon(recorded: &Recorded) -> &'static str {
    match recorded {
        Recorded::RelayOpened { .. } => "off",
        Recorded::RelayClosed { .. } => "on",
        Recorded::FaultBegan { .. }
        | Recorded::MemoryRepaired { .. }
        | Recorded::MemoryLost { .. }
        | Recorded::ReverseBegan { .. }
        | Recorded::CapExceeded { .. }
        | Recorded::ViciousLoad { .. }
        | Recorded::OverCurrent { .. }
        | Recorded::LockedOut { .. }
        | Recorded::Voltage {
            change: VoltageChange::Under | VoltageChange::Over | VoltageChange::Lost,
            ..
        } => "warning",
        Recorded::Reminded { .. } => "low",
        Recorded::ClockSet { .. } => "clock",
        Recorded::SettingsTaken { .. } => "settings",
        _ => "history",
    }
}
