//! `/documents/{kind}/{number}/print`: the document alone on its paper, for the browser's print.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use paper::sheet::Block;
use words::Lang;

use super::one::PaperQuery;
use super::{SheetView, is_original, load, on_paper, paper_of};
use crate::web::kit::assets::{self, Urls};
use crate::web::kit::error::WebError;
use crate::web::kit::forms::Query;
use crate::web::kit::page::show;
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `document_print.html`.
#[derive(Template)]
#[template(path = "office/papers/document_print.html")]
struct PrintPage {
    t: Lang,
    title: String,
    back: String,
    urls: &'static Urls,
    sheet: SheetView,
}

/// `GET /documents/{kind}/{number}/print`.
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
    let (issued, original) = load(&app, actor, &kind, &number).await?;
    let copy = !is_original(&app, actor, original.as_ref(), &query.original);
    let sheet = on_paper(&app, &issued, copy, paper_of(&query.paper));
    show(&PrintPage {
        t: visitor.lang,
        title: format!("{} {}", sheet.title, sheet.number),
        back: format!("/documents/{kind}/{number}"),
        urls: assets::urls(),
        sheet: SheetView(sheet),
    })
}
