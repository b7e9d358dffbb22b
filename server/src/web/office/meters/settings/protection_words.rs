//! Blocks of protection in words.

use meter_core::settings::{
    OverCurrentSettings, PermittedAppliances, PowerBand, ViciousSettings, VoltageSettings,
};
use words::Lang;

use super::typed::decimal_text;
use super::window_words::window_words;
use crate::web::kit::format::Format;

pub(super) fn voltage_words(t: Lang, f: &Format, voltage: &VoltageSettings) -> Vec<String> {
    let volts = |dv: u16| f.volts(&(i64::from(dv) * 100));
    let mut lines = Vec::new();
    if voltage.under_dv > 0 {
        lines.push(t.voltage_says_under(volts(voltage.under_dv)));
    }
    if voltage.over_dv > 0 {
        lines.push(t.voltage_says_over(volts(voltage.over_dv)));
    }
    if voltage.lost_dv > 0 {
        lines.push(t.voltage_says_lost(volts(voltage.lost_dv)));
    }
    if lines.is_empty() {
        return vec![t.protection_off().to_owned()];
    }
    let (delay, recovery) = (t.seconds(decimal_text(voltage.delay_ms, 3)), t.seconds(voltage.recovery_s));
    lines.push(t.voltage_says_times(delay, volts(voltage.hysteresis_dv), recovery));
    lines
}

pub(super) fn over_current_words(t: Lang, f: &Format, settings: &OverCurrentSettings) -> Vec<String> {
    let amps = |ca: u16| f.amps(&(i64::from(ca) * 10));
    if settings.limit_ca == 0 {
        return vec![t.protection_off().to_owned()];
    }
    let (limit, delay) = (amps(settings.limit_ca), t.seconds(decimal_text(settings.delay_ms, 3)));
    let mut lines = vec![match settings.curve {
        0 => t.over_current_says(limit, delay),
        _ => t.over_current_says_inverse(limit, delay),
    }];
    if settings.instant_ca > 0 {
        lines.push(t.over_current_says_instant(amps(settings.instant_ca)));
    }
    let OverCurrentSettings { wait_s, trips, window_min, resident_release, .. } = *settings;
    lines.push(policy_words(t, wait_s, trips, window_min, resident_release));
    lines
}

pub(super) fn vicious_words(t: Lang, settings: &ViciousSettings) -> Vec<String> {
    if settings.mode == 0 {
        return vec![t.protection_off().to_owned()];
    }
    let mut lines =
        vec![if settings.mode == 1 { t.vicious_says_alarm() } else { t.vicious_says_trip() }.to_owned()];
    let bands: Vec<_> =
        settings.bands.iter().filter(|band| band.from_w > 0).map(|band| band_words(t, band)).collect();
    let sensitivity = match settings.sensitivity {
        0 => t.vicious_low(),
        1 => t.vicious_middle(),
        _ => t.vicious_high(),
    };
    if !bands.is_empty() {
        lines.push(t.vicious_says_bands(bands.join(t.list_separator()), sensitivity));
    }
    if settings.night_cap_w > 0 {
        let nights = settings.nights.iter().filter(|night| night.weekdays != 0);
        let nights: Vec<_> = nights.map(|night| window_words(t, night)).collect();
        let delay = t.seconds(settings.night_delay_s);
        lines.push(t.vicious_says_night(settings.night_cap_w, delay, nights.join(t.list_separator())));
    }
    if settings.mode == 2 {
        let ViciousSettings { wait_s, trips, window_min, resident_release, .. } = *settings;
        lines.push(policy_words(t, wait_s, trips, window_min, resident_release));
    }
    lines
}

fn band_words(t: Lang, band: &PowerBand) -> String {
    if band.to_w == u16::MAX { t.from_watts(band.from_w) } else { t.from_to_watts(band.from_w, band.to_w) }
}

pub(super) fn permitted_words(t: Lang, permitted: &PermittedAppliances) -> String {
    let used = permitted.appliances.iter().filter(|one| one.power_w != 0);
    let words: Vec<_> = used.map(|one| t.permitted_one(one.power_w, one.tolerance_percent)).collect();
    if words.is_empty() { t.permitted_none().to_owned() } else { words.join(t.list_separator()) }
}

fn policy_words(t: Lang, wait_s: u16, trips: u16, window_min: u16, resident_release: u16) -> String {
    let wait = t.seconds(wait_s);
    if resident_release == 1 {
        t.policy_says_resident(wait, trips, window_min)
    } else {
        t.policy_says_office(wait, trips, window_min)
    }
}
