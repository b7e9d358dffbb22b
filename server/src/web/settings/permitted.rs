//! `/settings/permitted`: appliances that are permitted although they look like forbidden ones.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use meter_core::settings::{HouseholdBlock, LoopId, PermittedAppliance, PermittedAppliances};

use super::typed::Typed;
use super::{Frame, SettingsQuery, loop_title, save};
use crate::web::error::WebError;
use crate::web::field::Faults;
use crate::web::forms::{Form, Query};
use crate::web::i18n::Lang;
use crate::web::page::{Page, show, show_refused};
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

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
#[template(path = "settings_permitted.html")]
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

fn number(of_loop: LoopId) -> u8 {
    HouseholdBlock::Permitted(of_loop, PermittedAppliances::FACTORY).number()
}

/// `GET /settings/permitted`.
///
/// # Errors
/// [`WebError::NotFound`] without such a building, floor or room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, WebError> {
    let frame = Frame::read(&app, &visitor, query.scope()?, number(query.of_loop()?)).await?;
    let typed = start(&frame);
    show(&page(&app, &visitor, frame, &typed, &Faults::default()))
}

/// `POST /settings/permitted`.
///
/// # Errors
/// [`WebError::NotFound`] when no meter serves any room of the scope.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (t, scope, of_loop) = (visitor.lang, typed.scope()?, typed.of_loop()?);
    let faults = match understand(t, &typed) {
        Ok(permitted) => {
            let block = HouseholdBlock::Permitted(of_loop, permitted);
            match save(&app, &visitor, scope.clone(), typed.get("key"), vec![block]).await? {
                Ok(response) => return Ok(response),
                Err(error) => Faults::from_op(t, error)?,
            }
        }
        Err(faults) => faults,
    };
    let frame = Frame::read(&app, &visitor, scope, number(of_loop)).await?;
    show_refused(&page(&app, &visitor, frame, &typed, &faults))
}

fn page(app: &AppState, visitor: &Visitor, frame: Frame, typed: &Typed, faults: &Faults) -> PermittedPage {
    let t = visitor.lang;
    let row = |number| ApplianceRow {
        number,
        watts: typed.get(&format!("a{number}_watts")).to_owned(),
        percent: typed.get(&format!("a{number}_percent")).to_owned(),
        error: faults.of(&format!("a{number}")).map(str::to_owned),
    };
    PermittedPage {
        t,
        page: Page::new(app, visitor, loop_title(t, frame.which_loop(), t.settings_permitted())),
        frame,
        rows: (1..=LINES).map(row).collect(),
        refused: !faults.is_empty(),
    }
}

fn start(frame: &Frame) -> Typed {
    let mut typed = Typed::default();
    let HouseholdBlock::Permitted(_, permitted) = frame.standing.start else { return typed };
    for (number, one) in (1..).zip(permitted.appliances.iter().filter(|one| one.power_w != 0)) {
        typed.put(format!("a{number}_watts"), one.power_w.to_string());
        typed.put(format!("a{number}_percent"), one.tolerance_percent.to_string());
    }
    typed
}

fn understand(t: Lang, typed: &Typed) -> Result<PermittedAppliances, Faults> {
    let mut faults = Faults::default();
    let mut permitted = PermittedAppliances::FACTORY;
    for (number, slot) in (1..).zip(&mut permitted.appliances) {
        match appliance(typed, number) {
            Some(appliance) => *slot = appliance,
            None => faults.add(&format!("a{number}"), t.permitted_bad(MIN_W, MAX_W, MAX_PERCENT)),
        }
    }
    if faults.is_empty() { Ok(permitted) } else { Err(faults) }
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

    #[test]
    fn a_line_is_an_appliance_or_empty() {
        assert_eq!(understand(Lang::En, &Typed::default()).ok(), Some(PermittedAppliances::FACTORY));
        let permitted = understand(Lang::En, &typed("1000", "10")).unwrap();
        assert_eq!(permitted.appliances[2], PermittedAppliance { power_w: 1000, tolerance_percent: 10 });
        for (watts, percent) in [("", "10"), ("1000", ""), ("49", "10"), ("1000", "51"), ("1 kW", "5")] {
            let faults = understand(Lang::En, &typed(watts, percent)).unwrap_err();
            assert!(faults.of("a3").is_some(), "{watts} {percent}");
        }
    }
}
