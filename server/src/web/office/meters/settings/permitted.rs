//! `/settings/permitted`: appliances that are permitted although they look like forbidden ones.

use askama::Template;
use meter_core::settings::{HouseholdBlock, LoopId, PermittedAppliance, PermittedAppliances};
use words::Lang;

use super::Frame;
use super::block_form::BlockForm;
use super::typed::Typed;
use crate::web::kit::field::Faults;
use crate::web::kit::page::Page;

/// The least power: smaller appliances are never looked at, in W.
const MIN_W: u16 = 50;
/// The most, in W.
const MAX_W: u16 = 60_000;
/// The largest tolerance, in percent.
const MAX_PERCENT: u16 = 50;
/// What is shown at least.
const LINES: usize = 10;

/// `settings_permitted.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_permitted.html")]
struct PermittedPage {
    t: Lang,
    page: Page,
    frame: Frame,
    rows: Vec<ApplianceRow>,
    refused: bool,
}

/// An appliance as typed.
struct ApplianceRow {
    number: usize,
    watts: String,
    percent: String,
    error: Option<String>,
}

/// `/settings/permitted`.
pub struct Permitted;

impl BlockForm for Permitted {
    fn factory(of_loop: LoopId) -> HouseholdBlock {
        HouseholdBlock::Permitted(of_loop, PermittedAppliances::FACTORY)
    }

    fn start(block: &HouseholdBlock) -> Typed {
        start(block)
    }

    fn understand(t: Lang, typed: &Typed, of_loop: LoopId, faults: &mut Faults) -> HouseholdBlock {
        HouseholdBlock::Permitted(of_loop, understand(t, typed, faults))
    }

    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template {
        let row = |number| ApplianceRow {
            number,
            watts: typed.get(&format!("a{number}_watts")).to_owned(),
            percent: typed.get(&format!("a{number}_percent")).to_owned(),
            error: faults.of(&format!("a{number}")).map(str::to_owned),
        };
        PermittedPage { t, page, frame, rows: (1..=LINES).map(row).collect(), refused: !faults.is_empty() }
    }
}

fn start(block: &HouseholdBlock) -> Typed {
    let mut typed = Typed::default();
    let HouseholdBlock::Permitted(_, permitted) = block else { return typed };
    for (number, one) in (1..).zip(permitted.appliances.iter().filter(|one| one.power_w != 0)) {
        typed.put(format!("a{number}_watts"), one.power_w.to_string());
        typed.put(format!("a{number}_percent"), one.tolerance_percent.to_string());
    }
    typed
}

fn understand(t: Lang, typed: &Typed, faults: &mut Faults) -> PermittedAppliances {
    let mut permitted = PermittedAppliances::FACTORY;
    for (number, slot) in (1..).zip(&mut permitted.appliances) {
        match appliance(typed, number) {
            Some(appliance) => *slot = appliance,
            None => faults.add(&format!("a{number}"), t.permitted_bad(MIN_W, MAX_W, MAX_PERCENT)),
        }
    }
    permitted
}

/// A line's appliance, or none for an empty one; `None` for what is neither.
fn appliance(typed: &Typed, number: usize) -> Option<PermittedAppliance> {
    let of = |what: &str| typed.get(&format!("a{number}_{what}"));
    let (watts, percent) = (of("watts"), of("percent"));
    if watts.is_empty() && percent.is_empty() {
        return Some(PermittedAppliance::UNUSED);
    }
    let power_w = watts.parse().ok().filter(|watts| (MIN_W..=MAX_W).contains(watts))?;
    let tolerance_percent = percent.parse().ok().filter(|percent| *percent <= MAX_PERCENT)?;
    Some(PermittedAppliance { power_w, tolerance_percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(watts: &str, percent: &str) -> Typed {
        let mut typed = Typed::default();
        typed.put("a3_watts", watts);
        typed.put("a3_percent", percent);
        typed
    }

    /// Or what is wrong with the third line.
    fn understood(typed: &Typed) -> Result<PermittedAppliances, Option<String>> {
        let mut faults = Faults::default();
        let permitted = understand(Lang::En, typed, &mut faults);
        if faults.is_empty() { Ok(permitted) } else { Err(faults.of("a3").map(str::to_owned)) }
    }

    #[test]
    fn a_line_is_an_appliance_or_empty() {
        assert_eq!(understood(&Typed::default()), Ok(PermittedAppliances::FACTORY));
        let permitted = understood(&typed("1000", "10")).unwrap();
        assert_eq!(permitted.appliances[2], PermittedAppliance { power_w: 1000, tolerance_percent: 10 });
        for (watts, percent) in [("", "10"), ("1000", ""), ("49", "10"), ("1000", "51"), ("1 kW", "5")] {
            assert!(understood(&typed(watts, percent)).unwrap_err().is_some(), "{watts} {percent}");
        }
    }
}
