//! `/installation/letterhead`: what stands under the site's name on everything printed.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::papers::change_letterhead::{BadLine, ChangeLetterhead, LINES, LONGEST};
use crate::reads::papers::letterhead;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `letterhead.html`.
#[derive(Template)]
#[template(path = "office/papers/letterhead.html")]
struct LetterheadPage {
    t: Lang,
    page: Page,
    key: String,
    saved: bool,
    fields: Vec<Field>,
}

/// Whether it was saved just now.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SavedQuery {
    saved: String,
}

fn page(app: &AppState, visitor: &Visitor, lines: &[String], saved: bool, faults: &Faults) -> LetterheadPage {
    let t = visitor.lang;
    let field = |at: usize| {
        let value = lines.get(at).map(String::as_str).unwrap_or_default();
        let name = format!("line{}", at + 1);
        let field = Field::text(name, t.letterhead_line(at + 1)).value(value).longest(LONGEST).optional();
        if at == 0 { field.hint(t.letterhead_hint()) } else { field }.error(faults)
    };
    LetterheadPage {
        t,
        page: Page::new(app, visitor, t.letterhead_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        saved,
        fields: (0..LINES).map(field).collect(),
    }
}

/// `GET /installation/letterhead`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SavedQuery>,
) -> Result<Response, WebError> {
    let found = letterhead::get(&mut *app.db.read().await?).await?;
    let lines = found.map(|letterhead| letterhead.lines).unwrap_or_default();
    show(&page(&app, &visitor, &lines, !query.saved.is_empty(), &Faults::default()))
}

/// `POST /installation/letterhead`.
///
/// # Errors
/// As any page; a line that is too long comes back with the form.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, WebError> {
    let typed = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let lines: Vec<_> = (1..=LINES).map(|at| typed(&format!("line{at}"))).collect();
    let request = ChangeLetterhead { key: typed("key").parse()?, lines: lines.clone() };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go("/installation/letterhead?saved=1")),
        Err(refused) => {
            let BadLine { line, problem } = because(refused)?;
            let faults = Faults::text(visitor.lang, &format!("line{line}"), problem);
            show_refused(&page(&app, &visitor, &lines, false, &faults))
        }
    }
}
