//! `/settings/voltage`: limits of the mains voltage, and loss of a phase.

use askama::Template;
use meter_core::settings::{HouseholdBlock, LoopId, VoltageSettings};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::credit::FieldsPage;
use super::preset::{Preset, links};
use super::typed::{Typed, decimal_text};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::page::Page;

const PATH: &str = "/settings/voltage";

/// A fifth below and 15 % above 220 V: fridges and power supplies bear that.
const DORMITORY: VoltageSettings = VoltageSettings {
    under_dv: 1_760,
    over_dv: 2_530,
    hysteresis_dv: 50,
    lost_dv: 0,
    delay_ms: 1_000,
    recovery_s: 30,
};
/// The same; and motors must not run on two phases.
const SHOP: VoltageSettings = VoltageSettings { lost_dv: 1_000, ..DORMITORY };

/// `/settings/voltage`.
pub struct Voltage;

impl BlockForm for Voltage {
    fn factory(_: LoopId) -> HouseholdBlock {
        HouseholdBlock::Voltage(VoltageSettings::FACTORY)
    }

    fn preset(preset: Preset, _: LoopId) -> Option<HouseholdBlock> {
        match preset {
            Preset::Dormitory => Some(HouseholdBlock::Voltage(DORMITORY)),
            Preset::Shop => Some(HouseholdBlock::Voltage(SHOP)),
            Preset::Factory => None,
        }
    }

    fn start(block: &HouseholdBlock) -> Typed {
        match block {
            HouseholdBlock::Voltage(settings) => start(settings),
            _ => start(&VoltageSettings::FACTORY),
        }
    }

    fn understand(t: Lang, typed: &Typed, _: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::Voltage(understand(t, typed, faults))
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        FieldsPage {
            t,
            page,
            lead: t.voltage_lead(),
            action: PATH,
            fields: fields(t, typed, faults),
            presets: links(t, PATH, &frame.scope.value, frame.which_loop()),
            frame,
            refused: !faults.is_empty(),
        }
    }
}

fn start(voltage: &VoltageSettings) -> Typed {
    let mut typed = Typed::default();
    for (name, dv) in [
        ("under", voltage.under_dv),
        ("over", voltage.over_dv),
        ("hysteresis", voltage.hysteresis_dv),
        ("lost", voltage.lost_dv),
    ] {
        typed.put(name, decimal_text(dv, 1));
    }
    typed.put("delay", decimal_text(voltage.delay_ms, 3));
    typed.put("recovery", voltage.recovery_s.to_string());
    typed
}

fn fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let volts = |name: &'static str, label, hint| {
        let field = Field::number(name, label, "V").value(typed.get(name)).hint(hint);
        field.longest(6).optional().error(faults)
    };
    let seconds = |name: &'static str, label, hint: &str| {
        let field = Field::number(name, label, t.unit_seconds()).value(typed.get(name)).hint(hint);
        field.longest(6).error(faults)
    };
    vec![
        volts("under", t.voltage_under(), t.voltage_under_hint()),
        volts("over", t.voltage_over(), t.voltage_over_hint()),
        volts("hysteresis", t.voltage_hysteresis(), t.voltage_hysteresis_hint()),
        volts("lost", t.voltage_lost(), t.voltage_lost_hint()),
        seconds("delay", t.voltage_delay(), t.voltage_delay_hint()),
        seconds("recovery", t.voltage_recovery(), t.voltage_recovery_hint()),
    ]
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> VoltageSettings {
    let voltage = VoltageSettings {
        under_dv: typed.decimal(t, &VoltageSettings::UNDER, faults),
        over_dv: typed.decimal(t, &VoltageSettings::OVER, faults),
        hysteresis_dv: typed.decimal(t, &VoltageSettings::HYSTERESIS, faults),
        lost_dv: typed.decimal(t, &VoltageSettings::LOST, faults),
        delay_ms: typed.decimal(t, &VoltageSettings::DELAY, faults),
        recovery_s: typed.whole_in(t, &VoltageSettings::RECOVERY, faults),
    };
    if faults.is_empty() {
        check(t, &voltage, faults);
    }
    voltage
}

/// What the limits must leave between them, as the meter sees it.
fn check(t: Lang, voltage: &VoltageSettings, faults: &mut Faults) {
    let Err(fault) = voltage.check() else { return };
    let words = if fault.field == VoltageSettings::LOST.name {
        t.voltage_lost_bad().to_owned()
    } else {
        // The least that is allowed is one step above what the words name.
        t.voltage_over_bad(decimal_text(fault.min.saturating_sub(1), VoltageSettings::OVER.digits))
    };
    faults.add(fault.field, words);
}
