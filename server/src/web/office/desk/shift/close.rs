//! `/shifts/{id}/close`: the drawer is counted, and what stays in it for the next shift is said.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::ShiftId;
use domain::rights::Action;
use serde::Deserialize;
use words::Lang;

use super::{currency, money_range, sum};
use crate::ops::desk::close_shift::{CloseShift, MAX_NOTE, NoClosing};
use crate::ops::kit::Key;
use crate::reads::desk::shifts::{self, Shift};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `shift_close.html`.
#[derive(Template)]
#[template(path = "office/desk/shift_close.html")]
struct ClosePage {
    t: Lang,
    page: Page,
    f: Format,
    shift: Shift,
    own: bool,
    key: String,
    fields: [Field; 3],
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    key: String,
    counted: String,
    next_float: String,
    note: String,
}

/// The page of an open shift; `None` when it is closed.
async fn close_page(
    app: &AppState,
    visitor: &Visitor,
    id: &ShiftId,
    form: &CloseForm,
    faults: &Faults,
) -> Result<Option<ClosePage>, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    let shift = shifts::get(&mut *app.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    let own = shift.user_id == actor.id();
    if !own && !actor.may(Action::OverseeShifts) {
        return Err(WebError::Forbidden);
    }
    if shift.closed_ms.is_some() {
        return Ok(None);
    }
    let code = currency(visitor).code;
    let counted = Field::number("counted", t.shift_counted(), code.clone()).hint(t.shift_counted_hint());
    let next = Field::number("next_float", t.shift_next_float(), code).hint(t.shift_next_float_hint());
    let note = Field::text("note", t.shift_note()).hint(t.shift_note_hint());
    Ok(Some(ClosePage {
        t,
        page: Page::new(app, visitor, t.shift_close_title(shift.number)),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        shift,
        own,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        fields: [
            counted.value(&form.counted).longest(24).focus().error(faults),
            next.value(&form.next_float).longest(24).optional().error(faults),
            note.value(&form.note).longest(MAX_NOTE).optional().error(faults),
        ],
    }))
}

/// `GET /shifts/{id}/close`; a closed one leads to its sheet.
///
/// # Errors
/// [`WebError::NotFound`] without such a shift; [`WebError::Forbidden`] when it is somebody else's.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<ShiftId>,
) -> Result<Response, WebError> {
    match close_page(&app, &visitor, &id, &CloseForm::default(), &Faults::default()).await? {
        Some(page) => show(&page),
        None => Ok(go(&format!("/shifts/{id}"))),
    }
}

/// `POST /shifts/{id}/close`.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<ShiftId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, WebError> {
    let (t, key) = (visitor.lang, form.key.parse::<Key>()?);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let faults = match understand(&visitor, &id, &form, key) {
        Err(faults) => faults,
        Ok(request) => match app.ops.perform(visitor.actor()?, request).await {
            Ok(_) => return Ok(go(&format!("/shifts/{id}"))),
            Err(refused) => match because(refused)? {
                NoClosing::NoShift => return Err(WebError::NotFound),
                NoClosing::Closed => return Ok(go(&format!("/shifts/{id}"))),
                NoClosing::Counted { max_minor } => money_range(t, &f, "counted", max_minor),
                NoClosing::NextFloat { max_minor } => money_range(t, &f, "next_float", max_minor),
                NoClosing::Note(problem) => Faults::text(t, "note", problem),
            },
        },
    };
    match close_page(&app, &visitor, &id, &form, &faults).await? {
        Some(page) => show_refused(&page),
        None => Ok(go(&format!("/shifts/{id}"))),
    }
}

fn understand(visitor: &Visitor, id: &ShiftId, form: &CloseForm, key: Key) -> Result<CloseShift, Faults> {
    let (t, currency) = (visitor.lang, currency(visitor));
    let counted_minor = sum(t, "counted", &form.counted, &currency)?;
    let next_float_minor = match form.next_float.trim() {
        "" => 0,
        text => sum(t, "next_float", text, &currency)?,
    };
    Ok(CloseShift { key, shift_id: id.clone(), counted_minor, next_float_minor, note: form.note.clone() })
}
