//! `/settings/credit`: reminder, warning, cut-off level, overdraft and the most that a room may hold.

use askama::Template;
use meter_core::settings::{CreditSettings, Fault, HouseholdBlock, LoopId};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::preset::PresetLink;
use super::typed::{Typed, kwh_text};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::page::Page;

/// `settings_fields.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_fields.html")]
pub(super) struct FieldsPage {
    pub(super) t: Lang,
    pub(super) page: Page,
    pub(super) frame: Frame,
    pub(super) lead: &'static str,
    pub(super) action: &'static str,
    pub(super) fields: Vec<Field>,
    /// What the form can start from.
    pub(super) presets: Vec<PresetLink>,
    pub(super) refused: bool,
}

/// `/settings/credit`.
pub struct Credit;

impl BlockForm for Credit {
    fn factory(_: LoopId) -> HouseholdBlock {
        HouseholdBlock::Credit(CreditSettings::FACTORY)
    }

    fn start(block: &HouseholdBlock) -> Typed {
        start(block)
    }

    fn understand(t: Lang, typed: &Typed, _: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::Credit(understand(t, typed, faults))
    }

    /// Levels are out of range in Wh, and typed in kWh.
    fn out_of_range(t: Lang, fault: Fault) -> Faults {
        level_faults(t, fault)
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        FieldsPage {
            t,
            page,
            frame,
            lead: t.credit_lead(),
            action: "/settings/credit",
            fields: fields(t, typed, faults),
            presets: Vec::new(),
            refused: !faults.is_empty(),
        }
    }
}

fn start(block: &HouseholdBlock) -> Typed {
    let mut typed = Typed::default();
    if let HouseholdBlock::Credit(credit) = block {
        for (name, wh) in [
            ("alarm", credit.alarm_wh),
            ("warning", credit.warning_wh),
            ("cut_off", credit.cut_off_wh),
            ("overdraft", credit.overdraft_wh),
            ("hoarding", credit.hoarding_wh),
        ] {
            typed.put(name, kwh_text(wh));
        }
        typed.put("drop_out", credit.drop_out_s.to_string());
    }
    typed
}

fn fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let level = |name: &'static str, label, hint| {
        let field = Field::number(name, label, t.unit_kwh()).value(typed.get(name)).hint(hint);
        field.longest(12).optional().error(faults)
    };
    let drop_out = Field::number("drop_out", t.credit_drop_out(), t.unit_seconds());
    vec![
        level("warning", t.credit_warning(), t.credit_warning_hint()),
        level("alarm", t.credit_alarm(), t.credit_alarm_hint()),
        drop_out
            .value(typed.get("drop_out"))
            .hint(t.credit_drop_out_hint(CreditSettings::DROP_OUT.max))
            .longest(3)
            .error(faults),
        level("cut_off", t.credit_cut_off(), t.credit_cut_off_hint()),
        level("overdraft", t.credit_overdraft(), t.credit_overdraft_hint()),
        level("hoarding", t.credit_hoarding(), t.credit_hoarding_hint()),
    ]
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> CreditSettings {
    CreditSettings {
        alarm_wh: typed.wh(t, "alarm", faults),
        warning_wh: typed.wh(t, "warning", faults),
        cut_off_wh: typed.wh(t, "cut_off", faults),
        overdraft_wh: typed.wh(t, "overdraft", faults),
        hoarding_wh: typed.wh(t, "hoarding", faults),
        drop_out_s: typed.whole(t, "drop_out", faults),
    }
}

fn level_faults(t: Lang, Fault { field, min, max }: Fault) -> Faults {
    let words = match field {
        "alarm" | "warning" | "hoarding" => t.credit_above_cut_off(kwh_text(min), kwh_text(max)),
        "cut_off" | "overdraft" => t.field_out_of_range(kwh_text(min), kwh_text(max)),
        _ => t.field_out_of_range(min, max),
    };
    Faults::one(field, words)
}
