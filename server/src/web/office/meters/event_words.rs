//! What meters recorded, in plain words: who, what, when.

use domain::settings::factory_block;
use domain::supply::SupplyMode;
use meter_core::events::EventKind;
use meter_core::relay::SupplyMode as MeterMode;
use words::Lang;

use crate::field::wattwarden::words::open_reasons;
use crate::store::meters::events::Event;
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
    let kind = u8::try_from(event.kind).ok().and_then(EventKind::from_code);
    EventLine {
        what: kind.and_then(|kind| what(t, f, kind, event)).unwrap_or_else(|| t.event_other(event.kind)),
        whose: whose(t, event),
        evidence: evidence_words(t, f, event),
        when: match &event.at_ms {
            Some(at_ms) => f.when_exact(at_ms),
            None => t.event_time_unknown(f.when(&event.fetched_ms)),
        },
        icon: icon(kind),
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

/// `None` for a kind that has no words here.
fn what(t: Lang, f: &Format, kind: EventKind, event: &Event) -> Option<String> {
    let Event { data, value, .. } = event;
    let (kwh, second) = (|| f.kwh(value), *data == 1);
    let reasons = || reason_words(t, open_reasons(u16::try_from(*data).unwrap_or_default()));
    Some(match kind {
        EventKind::Started => t.event_started(value),
        EventKind::RelayOpened => t.event_off(reasons(), kwh()),
        EventKind::RelayClosed => t.event_on(kwh()),
        EventKind::SecondRelayOpened => t.event_second_off(reasons(), kwh()),
        EventKind::SecondRelayClosed => t.event_second_on(kwh()),
        EventKind::EpochOpened => t.event_epoch(value),
        // As read, the total is signed; as meant, it is not.
        EventKind::TotalsTaken => t.event_totals(f.kwh(&(value & 0xFFFF_FFFF))),
        EventKind::SupplyCommanded => t.event_supply(supply(t, *data)?),
        EventKind::ClockSet => clock_set(t, second, *value),
        EventKind::SettingsTaken => t.event_settings(settings_name(t, event)?),
        EventKind::FaultBegan if second => t.event_second_fault().to_owned(),
        EventKind::FaultBegan => t.event_fault().to_owned(),
        EventKind::FaultEnded if second => t.event_second_fault_over().to_owned(),
        EventKind::FaultEnded => t.event_fault_over().to_owned(),
        EventKind::Reminded if *data == 0 => t.event_reminded_until_seen().to_owned(),
        EventKind::Reminded => t.event_reminded(t.seconds(data)),
        EventKind::Acknowledged if second => t.event_acknowledged_meter().to_owned(),
        EventKind::Acknowledged => t.event_acknowledged_office().to_owned(),
        EventKind::CapExceeded if second => t.event_second_capped(f.power(&value.saturating_mul(1000))),
        EventKind::CapExceeded => t.event_capped(f.power(&value.saturating_mul(1000))),
        kind => return protection(t, f, kind, event),
    })
}

/// What protection did. `None` for a kind that has no words here.
fn protection(t: Lang, f: &Format, kind: EventKind, event: &Event) -> Option<String> {
    let Event { data, value, .. } = event;
    let volts = || f.volts(value);
    Some(match kind {
        EventKind::ViciousAlarm => t.event_vicious_alarm(vicious_words(t, f, event)),
        EventKind::ViciousTrip => t.event_vicious_trip(vicious_words(t, f, event)),
        EventKind::OverCurrentTrip if *data == 1 => t.event_second_over_current(f.amps(value)),
        EventKind::OverCurrentTrip => t.event_over_current(f.amps(value)),
        EventKind::LockedOut if *data == 1 => t.event_second_locked_out(value),
        EventKind::LockedOut => t.event_locked_out(value),
        EventKind::Released if *data == 1 => t.event_released_meter().to_owned(),
        EventKind::Released => t.event_released_office().to_owned(),
        EventKind::UnderVoltage => t.event_under_voltage(data, volts()),
        EventKind::OverVoltage => t.event_over_voltage(data, volts()),
        EventKind::PhaseLost => t.event_phase_lost(data, volts()),
        EventKind::VoltageBack => t.event_voltage_back(data, volts()),
        _ => return None,
    })
}

fn supply(t: Lang, code: i64) -> Option<&'static str> {
    let mode = match MeterMode::from_code(u8::try_from(code).ok()?)? {
        MeterMode::Auto => SupplyMode::Auto,
        MeterMode::ForcedOff => SupplyMode::Off,
        MeterMode::ForcedOn => SupplyMode::On,
    };
    Some(mode_word(t, mode))
}

fn clock_set(t: Lang, known: bool, correction_s: i64) -> String {
    let seconds = t.seconds(correction_s.abs());
    match correction_s.signum() {
        1 if known => t.event_clock_forward(seconds),
        -1 if known => t.event_clock_back(seconds),
        _ => t.event_clock_set().to_owned(),
    }
}

fn settings_name(t: Lang, event: &Event) -> Option<&'static str> {
    if event.position.is_none() {
        return Some(t.event_site_settings());
    }
    factory_block(u8::try_from(event.data).ok()?).map(|block| title(t, &block))
}

const fn icon(kind: Option<EventKind>) -> &'static str {
    match kind {
        Some(EventKind::RelayOpened | EventKind::SecondRelayOpened) => "off",
        Some(EventKind::RelayClosed | EventKind::SecondRelayClosed) => "on",
        Some(
            EventKind::FaultBegan
            | EventKind::CapExceeded
            | EventKind::ViciousAlarm
            | EventKind::ViciousTrip
            | EventKind::OverCurrentTrip
            | EventKind::LockedOut
            | EventKind::UnderVoltage
            | EventKind::OverVoltage
            | EventKind::PhaseLost,
        ) => "warning",
        Some(EventKind::Reminded) => "low",
        Some(EventKind::ClockSet) => "clock",
        Some(EventKind::SettingsTaken) => "settings",
        _ => "history",
    }
}
