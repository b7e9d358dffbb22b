//! `/settings/vicious`: which appliances are forbidden on a loop, and what happens when one is switched on.

use askama::Template;
use meter_core::settings::{EVERY_DAY, HouseholdBlock, LoopId, PowerBand, ViciousSettings, Window};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::friendly::{WindowRow, put_windows, understand_windows, window_rows};
use super::policy::{Policy, policy_fields};
use super::preset::{Preset, PresetLink, links};
use super::typed::Typed;
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::page::Page;

const PATH: &str = "/settings/vicious";
/// The least power that a meter looks at, in W.
const MIN_W: u16 = 50;
/// The most that can be typed, in W; nothing typed stands for no upper end.
const MAX_W: u16 = 60_000;
/// Windows of the night that a meter keeps.
const NIGHTS: usize = 2;

/// Students may heat nothing by wire; who tries three times within an hour meets the caretaker.
const DORMITORY: ViciousSettings = ViciousSettings {
    mode: 2,
    bands: bands(PowerBand { from_w: 300, to_w: u16::MAX }),
    ..ViciousSettings::FACTORY
};
/// A shop is only told of what is too large for its circuit.
const SHOP: ViciousSettings = ViciousSettings {
    mode: 1,
    sensitivity: 0,
    bands: bands(PowerBand { from_w: 3_000, to_w: u16::MAX }),
    ..ViciousSettings::FACTORY
};

const fn bands(first: PowerBand) -> [PowerBand; 6] {
    let unused = PowerBand::UNUSED;
    [first, unused, unused, unused, unused, unused]
}

/// `settings_vicious.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_vicious.html")]
struct ViciousPage {
    t: Lang,
    page: Page,
    frame: Frame,
    presets: Vec<PresetLink>,
    first: Vec<Field>,
    bands: Vec<BandRow>,
    night: Vec<Field>,
    windows: Vec<WindowRow>,
    policy: Vec<Field>,
    refused: bool,
}

/// A band of powers as typed.
struct BandRow {
    number: usize,
    from: String,
    to: String,
    error: Option<String>,
}

/// `/settings/vicious`.
pub struct Vicious;

impl BlockForm for Vicious {
    fn factory(of_loop: LoopId) -> HouseholdBlock {
        HouseholdBlock::Vicious(of_loop, ViciousSettings::FACTORY)
    }

    fn preset(preset: Preset, of_loop: LoopId) -> Option<HouseholdBlock> {
        match preset {
            Preset::Dormitory => Some(HouseholdBlock::Vicious(of_loop, DORMITORY)),
            Preset::Shop => Some(HouseholdBlock::Vicious(of_loop, SHOP)),
            Preset::Factory => None,
        }
    }

    fn start(block: &HouseholdBlock) -> Typed {
        match block {
            HouseholdBlock::Vicious(_, settings) => start(settings),
            _ => start(&ViciousSettings::FACTORY),
        }
    }

    fn understand(t: Lang, typed: &Typed, of_loop: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::Vicious(of_loop, understand(t, typed, faults))
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        let band = |number| BandRow {
            number,
            from: typed.get(&format!("b{number}_from")).to_owned(),
            to: typed.get(&format!("b{number}_to")).to_owned(),
            error: faults.of(&format!("b{number}")).map(str::to_owned),
        };
        ViciousPage {
            t,
            page,
            presets: links(t, PATH, &frame.scope.value, frame.which_loop()),
            frame,
            first: first_fields(t, typed, faults),
            bands: (1..=DORMITORY.bands.len()).map(band).collect(),
            night: night_fields(t, typed, faults),
            windows: window_rows(t, typed, faults, NIGHTS),
            policy: policy_fields(t, typed, faults),
            refused: !faults.is_empty(),
        }
    }
}

fn first_fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let modes = [t.vicious_off(), t.vicious_alarm(), t.vicious_trip()];
    let sensitivities = [t.vicious_low(), t.vicious_middle(), t.vicious_high()];
    let select = |name: &'static str, label, words: [&'static str; 3], hint| {
        let choices = (0..).zip(words).map(|(code, word)| Choice::new(code.to_string(), word)).collect();
        Field::select(name, label, choices).value(typed.get(name)).hint(hint).error(faults)
    };
    vec![
        select("mode", t.vicious_mode(), modes, t.vicious_mode_hint()),
        select("sensitivity", t.vicious_sensitivity(), sensitivities, t.vicious_sensitivity_hint()),
    ]
}

fn night_fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let cap = Field::number("night_cap", t.vicious_night_cap(), t.unit_watts()).value(typed.get("night_cap"));
    let delay = Field::number("night_delay", t.vicious_night_delay(), t.unit_seconds());
    vec![
        cap.hint(t.vicious_night_cap_hint()).longest(5).optional().error(faults),
        delay.value(typed.get("night_delay")).longest(4).error(faults),
    ]
}

fn start(settings: &ViciousSettings) -> Typed {
    let mut typed = Typed::default();
    typed.put("mode", settings.mode.to_string());
    typed.put("sensitivity", settings.sensitivity.to_string());
    for (number, band) in (1..).zip(settings.bands.iter().filter(|band| band.from_w != 0)) {
        typed.put(format!("b{number}_from"), band.from_w.to_string());
        if band.to_w != u16::MAX {
            typed.put(format!("b{number}_to"), band.to_w.to_string());
        }
    }
    if settings.night_cap_w != 0 {
        typed.put("night_cap", settings.night_cap_w.to_string());
    }
    typed.put("night_delay", settings.night_delay_s.to_string());
    put_windows(&mut typed, &settings.nights);
    let ViciousSettings { wait_s, trips, window_min, resident_release, .. } = *settings;
    Policy { wait_s, trips, window_min, resident_release }.put(&mut typed);
    typed
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> ViciousSettings {
    let Policy { wait_s, trips, window_min, resident_release } = Policy::understand(t, typed, faults);
    let mut settings = ViciousSettings {
        mode: typed.choice(t, &ViciousSettings::MODE, faults),
        sensitivity: typed.choice(t, &ViciousSettings::SENSITIVITY, faults),
        bands: [PowerBand::UNUSED; 6],
        night_cap_w: typed.decimal(t, &ViciousSettings::NIGHT_CAP, faults),
        night_delay_s: typed.whole_in(t, &ViciousSettings::NIGHT_DELAY, faults),
        nights: [Window::UNUSED; NIGHTS],
        wait_s,
        trips,
        window_min,
        resident_release,
    };
    for (number, slot) in (1..).zip(&mut settings.bands) {
        match band(typed, number) {
            Some(band) => *slot = band,
            None => faults.add(&format!("b{number}"), t.vicious_band_bad(MIN_W, MAX_W)),
        }
    }
    understand_windows(t, typed, &mut settings.nights, faults);
    check(t, &settings, faults);
    settings
}

/// What would watch nothing, or cap no hour.
fn check(t: Lang, settings: &ViciousSettings, faults: &mut Faults) {
    let watches = settings.bands.iter().any(|band| band.from_w != 0);
    if settings.mode != 0 && !watches && settings.night_cap_w == 0 && faults.is_empty() {
        faults.add("b1", t.vicious_bands_missing());
    }
    let has_night = settings.nights.iter().any(|night| night.weekdays & EVERY_DAY != 0);
    if settings.night_cap_w != 0 && !has_night && faults.is_empty() {
        faults.add("w1", t.vicious_night_missing());
    }
}

/// A line's band, or none for an empty one; `None` for what is neither.
fn band(typed: &Typed, number: usize) -> Option<PowerBand> {
    let of = |what: &str| typed.get(&format!("b{number}_{what}"));
    let (from, to) = (of("from"), of("to"));
    if from.is_empty() && to.is_empty() {
        return Some(PowerBand::UNUSED);
    }
    let from_w = from.parse().ok().filter(|watts| (MIN_W..=MAX_W).contains(watts))?;
    let to_w = match to {
        "" => u16::MAX,
        to => to.parse().ok().filter(|watts| (from_w..=MAX_W).contains(watts))?,
    };
    Some(PowerBand { from_w, to_w })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_again_what_it_started_from() {
        let night = Window { weekdays: 3, start_min: 1380, end_min: 360 };
        let mut with_night = ViciousSettings { night_cap_w: 300, resident_release: 1, ..DORMITORY };
        with_night.nights[0] = night;
        with_night.bands[1] = PowerBand { from_w: 100, to_w: 200 };
        for settings in [ViciousSettings::FACTORY, DORMITORY, SHOP, with_night] {
            let mut faults = Faults::default();
            assert_eq!(understand(Lang::En, &start(&settings), &mut faults), settings, "{faults:?}");
            assert!(faults.is_empty(), "{faults:?}");
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (name, value, line) in [
            ("b1_from", "49", "b1"),
            ("b1_from", "", "b1"),
            ("b2_to", "100", "b2"),
            ("b1_to", "299", "b1"),
            ("b1_to", "65535", "b1"),
            ("mode", "3", "mode"),
            ("sensitivity", "", "sensitivity"),
            ("night_cap", "300", "w1"),
            ("w1_from", "23:00", "w1"),
            ("wait", "0", "wait"),
            ("trips", "33", "trips"),
            ("window", "", "window"),
        ] {
            let mut typed = start(&DORMITORY);
            typed.put(name, value);
            let mut faults = Faults::default();
            understand(Lang::En, &typed, &mut faults);
            assert!(faults.of(line).is_some(), "{name}={value}: {faults:?}");
        }
    }
}
