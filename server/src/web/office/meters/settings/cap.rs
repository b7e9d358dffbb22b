//! `/settings/cap`: what happens when more is drawn than a period of the schedule allows.

use askama::Template;
use meter_core::settings::{CapSettings, HouseholdBlock, LoopId};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::credit::FieldsPage;
use super::typed::Typed;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::page::Page;

/// `/settings/cap`.
pub struct Cap;

impl BlockForm for Cap {
    fn factory(of_loop: LoopId) -> HouseholdBlock {
        HouseholdBlock::Cap(of_loop, CapSettings::FACTORY)
    }

    fn start(block: &HouseholdBlock) -> Typed {
        let mut typed = Typed::default();
        if let HouseholdBlock::Cap(_, cap) = block {
            typed.put("cap_delay", cap.delay_s.to_string());
            typed.put("cap_recovery", cap.recovery_s.to_string());
        }
        typed
    }

    fn understand(t: Lang, typed: &Typed, of_loop: LoopId, faults: &mut Faults) -> HouseholdBlock {
        let delay_s = typed.whole(t, "cap_delay", faults);
        HouseholdBlock::Cap(
            of_loop,
            CapSettings { delay_s, recovery_s: typed.whole(t, "cap_recovery", faults) },
        )
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        FieldsPage {
            t,
            page,
            frame,
            lead: t.cap_lead(),
            action: "/settings/cap",
            fields: fields(t, typed, faults),
            presets: Vec::new(),
            refused: !faults.is_empty(),
        }
    }
}

fn fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let seconds = |name: &'static str, label, hint: String| {
        let field = Field::number(name, label, t.unit_seconds()).value(typed.get(name)).hint(hint);
        field.longest(5).error(faults)
    };
    vec![
        seconds("cap_delay", t.cap_delay(), t.cap_delay_hint(CapSettings::DELAY.max)),
        seconds("cap_recovery", t.cap_recovery(), t.cap_recovery_hint(CapSettings::RECOVERY.max)),
    ]
}
