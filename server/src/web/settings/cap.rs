//! `/settings/cap`: what happens when more is drawn than a period of the schedule allows.

use axum::extract::State;
use axum::response::Response;
use meter_core::settings::{CapSettings, HouseholdBlock, LoopId};

use super::credit::FieldsPage;
use super::typed::Typed;
use super::{Frame, SettingsQuery, loop_title, save};
use crate::ops::change_settings::{MAX_CAP_DELAY_S, MAX_CAP_RECOVERY_S};
use crate::web::error::WebError;
use crate::web::field::{Faults, Field};
use crate::web::forms::{Form, Query};
use crate::web::i18n::Lang;
use crate::web::page::{Page, show, show_refused};
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

fn number(of_loop: LoopId) -> u8 {
    HouseholdBlock::Cap(of_loop, CapSettings::FACTORY).number()
}

/// `GET /settings/cap`.
///
/// # Errors
/// [`WebError::NotFound`] without such a building, floor or room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, WebError> {
    let frame = Frame::read(&app, &visitor, query.scope()?, number(query.of_loop()?)).await?;
    let mut typed = Typed::default();
    if let HouseholdBlock::Cap(_, cap) = frame.standing.start {
        typed.put("cap_delay", cap.delay_s.to_string());
        typed.put("cap_recovery", cap.recovery_s.to_string());
    }
    show(&page(&app, &visitor, frame, &typed, &Faults::default()))
}

/// `POST /settings/cap`.
///
/// # Errors
/// [`WebError::NotFound`] when no meter serves any room of the scope.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (t, scope, of_loop) = (visitor.lang, typed.scope()?, typed.of_loop()?);
    let mut faults = Faults::default();
    let cap = CapSettings {
        delay_s: typed.whole(t, "cap_delay", &mut faults),
        recovery_s: typed.whole(t, "cap_recovery", &mut faults),
    };
    if faults.is_empty() {
        let block = HouseholdBlock::Cap(of_loop, cap);
        match save(&app, &visitor, scope.clone(), typed.get("key"), vec![block]).await? {
            Ok(response) => return Ok(response),
            Err(error) => faults = Faults::from_op(t, error)?,
        }
    }
    let frame = Frame::read(&app, &visitor, scope, number(of_loop)).await?;
    show_refused(&page(&app, &visitor, frame, &typed, &faults))
}

fn page(app: &AppState, visitor: &Visitor, frame: Frame, typed: &Typed, faults: &Faults) -> FieldsPage {
    let t = visitor.lang;
    FieldsPage {
        t,
        page: Page::new(app, visitor, loop_title(t, frame.which_loop(), t.settings_cap())),
        frame,
        lead: t.cap_lead(),
        action: "/settings/cap",
        fields: fields(t, typed, faults),
        presets: Vec::new(),
        refused: !faults.is_empty(),
    }
}

fn fields(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let seconds = |name: &'static str, label, hint: String| {
        let field = Field::number(name, label, t.unit_seconds()).value(typed.get(name)).hint(hint);
        field.longest(5).error(faults)
    };
    vec![
        seconds("cap_delay", t.cap_delay(), t.cap_delay_hint(MAX_CAP_DELAY_S)),
        seconds("cap_recovery", t.cap_recovery(), t.cap_recovery_hint(MAX_CAP_RECOVERY_S)),
    ]
}
