//! `/settings/over-current`: how much current a loop may draw, for how long, and what follows.

use askama::Template;
use meter_core::settings::{HouseholdBlock, LoopId, OverCurrentSettings};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::credit::FieldsPage;
use super::policy::{Policy, policy_fields};
use super::preset::{Preset, links};
use super::typed::{Typed, decimal_text};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::page::Page;

const PATH: &str = "/settings/over-current";

/// A socket circuit of a room: two irons trip it, a fridge that starts does not.
const DORMITORY: OverCurrentSettings = OverCurrentSettings {
    limit_ca: 1_000,
    curve: 0,
    delay_ms: 2_000,
    instant_ca: 6_000,
    ..OverCurrentSettings::FACTORY
};
/// A shop's machines start heavily: the more is drawn, the sooner it trips.
const SHOP: OverCurrentSettings = OverCurrentSettings {
    limit_ca: 6_000,
    curve: 1,
    delay_ms: 1_000,
    instant_ca: 40_000,
    wait_s: 120,
    ..OverCurrentSettings::FACTORY
};

/// `/settings/over-current`.
pub struct OverCurrent;

impl BlockForm for OverCurrent {
    fn factory(of_loop: LoopId) -> HouseholdBlock {
        HouseholdBlock::OverCurrent(of_loop, OverCurrentSettings::FACTORY)
    }

    fn preset(preset: Preset, of_loop: LoopId) -> Option<HouseholdBlock> {
        match preset {
            Preset::Dormitory => Some(HouseholdBlock::OverCurrent(of_loop, DORMITORY)),
            Preset::Shop => Some(HouseholdBlock::OverCurrent(of_loop, SHOP)),
            Preset::Factory => None,
        }
    }

    fn start(block: &HouseholdBlock) -> Typed {
        match block {
            HouseholdBlock::OverCurrent(_, settings) => start(settings),
            _ => start(&OverCurrentSettings::FACTORY),
        }
    }

    fn understand(t: Lang, typed: &Typed, of_loop: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::OverCurrent(of_loop, understand(t, typed, faults))
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        FieldsPage {
            t,
            page,
            lead: t.over_current_lead(),
            action: PATH,
            fields: fields(t, typed, faults),
            presets: links(t, PATH, &frame.scope.value, frame.which_loop()),
            frame,
            refused: !faults.is_empty(),
        }
    }
}

fn start(settings: &OverCurrentSettings) -> Typed {
    let mut typed = Typed::default();
    typed.put("limit", decimal_text(settings.limit_ca, 2));
    typed.put("curve", settings.curve.to_string());
    typed.put("delay", decimal_text(settings.delay_ms, 3));
    typed.put("instant", decimal_text(settings.instant_ca, 2));
    let OverCurrentSettings { wait_s, trips, window_min, resident_release, .. } = *settings;
    Policy { wait_s, trips, window_min, resident_release }.put(&mut typed);
    typed
}

fn fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let amps = |name: &'static str, label, hint| {
        let field = Field::number(name, label, "A").value(typed.get(name)).hint(hint);
        field.longest(7).optional().error(faults)
    };
    let curves = vec![Choice::new("0", t.over_current_fixed()), Choice::new("1", t.over_current_inverse())];
    let curve = Field::select("curve", t.over_current_curve(), curves).value(typed.get("curve"));
    let delay = Field::number("delay", t.over_current_delay(), t.unit_seconds()).value(typed.get("delay"));
    let mut fields = vec![
        amps("limit", t.over_current_limit(), t.over_current_limit_hint()),
        curve.hint(t.over_current_curve_hint()).error(faults),
        delay.hint(t.over_current_delay_hint()).longest(6).error(faults),
        amps("instant", t.over_current_instant(), t.over_current_instant_hint()),
    ];
    fields.extend(policy_fields(t, typed, faults));
    fields
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> OverCurrentSettings {
    let Policy { wait_s, trips, window_min, resident_release } = Policy::understand(t, typed, faults);
    let settings = OverCurrentSettings {
        limit_ca: typed.decimal(t, &OverCurrentSettings::LIMIT, faults),
        curve: typed.choice(t, &OverCurrentSettings::CURVE, faults),
        delay_ms: typed.decimal(t, &OverCurrentSettings::DELAY, faults),
        instant_ca: typed.decimal(t, &OverCurrentSettings::INSTANT, faults),
        wait_s,
        trips,
        window_min,
        resident_release,
    };
    if faults.is_empty()
        && let Err(fault) = settings.check()
    {
        faults.add(fault.field, t.over_current_instant_bad());
    }
    settings
}
