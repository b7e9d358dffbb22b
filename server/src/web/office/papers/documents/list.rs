//! `/documents`: the latest documents of a kind, and many in one file.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::actor::Actor;
use paper::Kind;
use serde::Deserialize;
use words::Lang;

use super::batch_form::BatchForm;
use super::may_see_all;
use super::numbers::MOST;
use crate::ops::kit::Key;
use crate::reads::papers::documents::{self, Listed};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Documents on a page.
const ON_PAGE: i64 = 50;

/// `documents.html`.
#[derive(Template)]
#[template(path = "office/papers/documents.html")]
pub(super) struct DocumentsPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    kind: &'static str,
    kinds: Vec<(&'static str, &'static str)>,
    listed: Vec<Line>,
    older: Option<i64>,
    most: i64,
    fields: Vec<Field>,
    trouble: Option<String>,
}

/// A document in the list.
struct Line {
    number: i64,
    numbered: String,
    label: String,
    issued_ms: i64,
    issued_by: String,
    handed_out: bool,
}

/// Which kind, and older than which.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    kind: String,
    before: String,
}

/// `GET /documents`.
///
/// # Errors
/// [`WebError::Forbidden`] for a kind that the role may not see.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> Result<Response, WebError> {
    let kind = query.kind.parse().unwrap_or(Kind::Receipt);
    let before = query.before.parse().unwrap_or(i64::MAX);
    show(&page(&app, &visitor, kind, before, &BatchForm::default(), &Faults::default()).await?)
}

/// The kinds that this person finds in the list.
fn kinds_for(actor: &Actor) -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|kind| may_see_all(actor, *kind))
}

pub(super) async fn page(
    app: &AppState,
    visitor: &Visitor,
    kind: Kind,
    before: i64,
    typed: &BatchForm,
    faults: &Faults,
) -> Result<DocumentsPage, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    if !may_see_all(actor, kind) {
        return Err(WebError::Forbidden);
    }
    let mut conn = app.db.read().await?;
    let listed = documents::latest(&mut conn, kind, before, ON_PAGE).await?;
    let full = i64::try_from(listed.len()).unwrap_or(0) == ON_PAGE;
    let number = |name: &str, label: &str, value: &str| {
        Field::text(name, label).value(value).longest(24).error(faults)
    };
    Ok(DocumentsPage {
        t,
        page: Page::new(app, visitor, t.documents_title()),
        f: Format::new(t, visitor.site.as_ref(), app.clock.now_ms()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        kind: kind.as_str(),
        kinds: kinds_for(actor).map(|kind| (kind.as_str(), kind.name(t))).collect(),
        older: listed.last().filter(|_| full).map(|last| last.number),
        fields: vec![
            number("from", t.documents_batch_from(), &typed.from),
            number("to", t.documents_batch_to(), &typed.to),
        ],
        listed: listed.into_iter().map(|listed| line(kind, listed)).collect(),
        most: MOST,
        trouble: faults.of("numbers").map(str::to_owned),
    })
}

fn line(kind: Kind, listed: Listed) -> Line {
    Line {
        number: listed.number,
        numbered: kind.numbered(listed.number),
        label: listed.label,
        issued_ms: listed.issued_ms,
        issued_by: listed.issued_by,
        handed_out: listed.handed_out == 1,
    }
}
