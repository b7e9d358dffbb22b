//! What every form of one block of settings does: it shows what stands, or a preset to start from; it takes what was typed,
//! and saves it or says at the field what is wrong.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use meter_core::settings::{Fault, HouseholdBlock, LoopId};
use words::Lang;

use super::preset::Preset;
use super::typed::Typed;
use super::{Frame, SettingsQuery, full_title, save};
use crate::ops::meters::change_settings::NoSettings;
use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// A form of one block of settings.
pub trait BlockForm: 'static {
    /// The block as meters leave the factory; of its loop, if it is of one.
    fn factory(of_loop: LoopId) -> HouseholdBlock;

    /// What a preset has for it, where that is not the factory's.
    fn preset(_: Preset, _: LoopId) -> Option<HouseholdBlock> {
        None
    }

    /// The fields filled in.
    fn start(block: &HouseholdBlock) -> Typed;

    /// The fields understood; what comes back counts only where there is no fault.
    fn understand(t: Lang, typed: &Typed, of_loop: LoopId, faults: &mut Faults) -> HouseholdBlock;

    /// A number that is refused, at its field.
    fn out_of_range(t: Lang, fault: Fault) -> Faults {
        Faults::one(fault.field, t.field_out_of_range(fault.min, fault.max))
    }

    /// The page.
    fn view(t: Lang, page: Page, frame: Frame, typed: &Typed, faults: &Faults) -> impl Template;
}

/// The form's `GET` and `POST`.
pub fn form<F: BlockForm>() -> MethodRouter<AppState> {
    get(open::<F>).post(take::<F>)
}

/// [`WebError::NotFound`] without such a building, floor or room.
async fn open<F: BlockForm>(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, WebError> {
    let of_loop = query.of_loop()?;
    let factory = F::factory(of_loop);
    let frame = Frame::read(&app, &visitor, query.scope()?, factory.number()).await?;
    let block = match query.preset() {
        Some(preset) => F::preset(preset, of_loop).unwrap_or(factory),
        None => frame.standing.start,
    };
    show(&page::<F>(&app, &visitor, frame, &F::start(&block), &Faults::default()))
}

/// [`WebError::NotFound`] when no meter serves any room of the scope.
async fn take<F: BlockForm>(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (t, scope, of_loop) = (visitor.lang, typed.scope()?, typed.of_loop()?);
    let mut faults = Faults::default();
    let block = F::understand(t, &typed, of_loop, &mut faults);
    if faults.is_empty() {
        match save(&app, &visitor, scope.clone(), typed.get("key"), vec![block]).await? {
            Ok(response) => return Ok(response),
            Err(NoSettings::NoRoom) => return Err(WebError::NotFound),
            Err(NoSettings::Number(fault)) => faults = F::out_of_range(t, fault),
            Err(NoSettings::List(list)) => faults = Faults::one(list, t.field_malformed()),
        }
    }
    let frame = Frame::read(&app, &visitor, scope, F::factory(of_loop).number()).await?;
    show_refused(&page::<F>(&app, &visitor, frame, &typed, &faults))
}

fn page<F: BlockForm>(
    app: &AppState,
    visitor: &Visitor,
    frame: Frame,
    typed: &Typed,
    faults: &Faults,
) -> impl Template {
    let t = visitor.lang;
    let page = Page::new(app, visitor, full_title(t, &frame.standing.start));
    F::view(t, page, frame, typed, faults)
}
