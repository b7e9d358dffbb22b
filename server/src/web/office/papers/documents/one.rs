//! `/documents/{kind}/{number}`: a document on the screen; with `.pdf`, as a file; and handing out its original.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use paper::Kind;
use paper::sheet::{Block, Paper};
use serde::Deserialize;
use words::Lang;

use super::{SheetView, address, is_original, is_taken_back, load, on_paper, paper_of, pdf};
use crate::ops::kit::Key;
use crate::ops::papers::hand_out::HandOut;
use crate::reads::papers::documents::{Issued, Original};
use crate::reads::people::users;
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `document.html`.
#[derive(Template)]
#[template(path = "office/papers/document.html")]
struct DocumentPage {
    t: Lang,
    page: Page,
    key: String,
    kind: &'static str,
    number: i64,
    label: String,
    receipt: bool,
    original_left: bool,
    standing: String,
    taken_back: bool,
    sheet: SheetView,
}

/// Which paper, and the original's operation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PaperQuery {
    pub(super) paper: String,
    pub(super) original: String,
}

/// `GET /documents/{kind}/{number}`, and with `.pdf` behind it.
///
/// # Errors
/// [`WebError::NotFound`], [`WebError::Forbidden`].
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((kind, number)): Path<(String, String)>,
    Query(query): Query<PaperQuery>,
) -> Result<Response, WebError> {
    let actor = visitor.actor()?;
    let as_pdf = number.strip_suffix(".pdf");
    let (issued, original) = load(&app, actor, &kind, as_pdf.unwrap_or(&number)).await?;
    if as_pdf.is_some() {
        let copy = !is_original(&app, actor, original.as_ref(), &query.original);
        let sheet = on_paper(&app, &issued, copy, paper_of(&query.paper));
        return pdf(vec![sheet], &issued.numbered()).await;
    }
    show(&page(&app, &visitor, issued, original.as_ref()).await?)
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    issued: Issued,
    original: Option<&Original>,
) -> Result<DocumentPage, WebError> {
    let sheet = on_paper(app, &issued, original.is_some(), Paper::A4);
    Ok(DocumentPage {
        t: visitor.lang,
        page: Page::new(app, visitor, format!("{} {}", sheet.title, sheet.number)),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        kind: issued.kind.as_str(),
        number: issued.number,
        receipt: issued.kind == Kind::Receipt,
        original_left: original.is_none(),
        standing: standing(app, visitor, original).await?,
        taken_back: is_taken_back(app, &issued).await?,
        label: issued.label,
        sheet: SheetView(sheet),
    })
}

/// What has become of the original, in words.
async fn standing(
    app: &AppState,
    visitor: &Visitor,
    original: Option<&Original>,
) -> Result<String, WebError> {
    let t = visitor.lang;
    let Some(original) = original else { return Ok(t.document_original_left().to_owned()) };
    let mut conn = app.db.read().await?;
    let user = users::get(&mut conn, &original.actor_id).await?;
    let name = user.map_or_else(|| original.actor_id.0.clone(), |user| user.display_name);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    Ok(t.document_original_gone(f.when(&original.at_ms), name))
}

/// Where the original goes: `print`, `roll` or `pdf`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OriginalForm {
    key: String,
    to: String,
}

/// `POST /documents/{kind}/{number}/original`: takes the original, unless somebody has; then a copy is printed.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((kind, number)): Path<(String, String)>,
    Form(form): Form<OriginalForm>,
) -> Result<Response, WebError> {
    let actor = visitor.actor()?;
    let (issued, _) = load(&app, actor, &kind, &number).await?;
    let request =
        HandOut { key: form.key.parse()?, kind: issued.kind, ranges: vec![(issued.number, issued.number)] };
    let outcome = app.ops.perform(actor, request).await?;
    Ok(go(&address(issued.kind, issued.number, &form.to, Some(&outcome.id))))
}
