//! `/books/held/{id}`: one held reading, and the judgement on it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::QuarantineId;
use serde::Deserialize;
use words::Lang;

use super::held::why;
use crate::ops::books::judge_reading::{JudgeReading, MAX_NOTE, NoJudgement};
use crate::ops::kit::Key;
use crate::reads::books::quarantines::{self, Decision, Quarantine};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `held_reading.html`.
#[derive(Template)]
#[template(path = "office/books/held_reading.html")]
struct JudgePage {
    t: Lang,
    page: Page,
    f: Format,
    held: Quarantine,
    why: String,
    key: String,
    decisions: Vec<Choice>,
    decision: String,
    decision_error: Option<String>,
    trouble: Option<String>,
    note: Field,
}

/// What was decided.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JudgeForm {
    key: String,
    decision: String,
    note: String,
}

async fn judge_page(
    app: &AppState,
    visitor: &Visitor,
    id: &QuarantineId,
    form: &JudgeForm,
    faults: &Faults,
) -> Result<JudgePage, WebError> {
    let t = visitor.lang;
    let held = quarantines::get(&mut *app.db.read().await?, id).await?.ok_or(WebError::NotFound)?;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let note = Field::text("note", t.held_note()).value(&form.note).hint(t.held_note_hint());
    Ok(JudgePage {
        t,
        page: Page::new(app, visitor, t.held_of_room(&held.room_name)),
        why: why(t, &f, &held),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        decisions: decisions(t, &held),
        decision: form.decision.clone(),
        decision_error: faults.of("decision").map(str::to_owned),
        trouble: faults.of("reading").map(str::to_owned),
        note: note.longest(MAX_NOTE).error(faults),
        held,
        f,
    })
}

fn decisions(t: Lang, held: &Quarantine) -> Vec<Choice> {
    let hints = if held.backwards() {
        [t.held_accept_back_hint(), t.held_reject_back_hint()]
    } else {
        [t.held_accept_jump_hint(), t.held_reject_jump_hint()]
    };
    let all =
        [(Decision::Accepted, t.held_accept(), hints[0]), (Decision::Rejected, t.held_reject(), hints[1])];
    let choice = |(decision, label, hint): (Decision, &str, &str)| Choice {
        value: decision.as_str().to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    all.map(choice).to_vec()
}

/// `GET /books/held/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a reading.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<QuarantineId>,
) -> Result<Response, WebError> {
    show(&judge_page(&app, &visitor, &id, &JudgeForm::default(), &Faults::default()).await?)
}

/// `POST /books/held/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a reading.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<QuarantineId>,
    Form(form): Form<JudgeForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let faults = match form.decision.parse::<Decision>() {
        Err(_) => Faults::one("decision", t.held_choose()),
        Ok(decision) => {
            let key = form.key.parse()?;
            let request = JudgeReading { key, quarantine_id: id.clone(), decision, note: form.note.clone() };
            match app.ops.perform(visitor.actor()?, request).await {
                Ok(_) => return Ok(go("/books/held")),
                Err(refused) => match because(refused)? {
                    NoJudgement::NoReading => return Err(WebError::NotFound),
                    NoJudgement::Decided => Faults::one("reading", t.held_decided_already()),
                    NoJudgement::Outdated => Faults::one("reading", t.held_outdated()),
                    NoJudgement::MeterFull => Faults::one("reading", t.held_meter_full()),
                    NoJudgement::Note(problem) => Faults::text(t, "note", problem),
                },
            }
        }
    };
    show_refused(&judge_page(&app, &visitor, &id, &form, &faults).await?)
}
