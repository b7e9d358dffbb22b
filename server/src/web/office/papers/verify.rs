//! `/verify`: whether a paper is this office's own, by its number and code, and what it said.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use paper::Kind;
use paper::sheet::{Block, Paper};
use serde::Deserialize;
use words::Lang;

use crate::reads::papers::documents;
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::papers::documents::{SheetView, is_taken_back, on_paper};

/// `verify.html`.
#[derive(Template)]
#[template(path = "office/papers/verify.html")]
struct VerifyPage {
    t: Lang,
    page: Page,
    fields: Vec<Field>,
    verdict: Verdict,
}

/// What becomes of number and code.
enum Verdict {
    /// Nothing was typed.
    Nothing,
    /// They don't belong together, or there is no such number.
    False,
    /// They do.
    Genuine { numbered: String, address: String, taken_back: bool, sheet: Box<SheetView> },
}

/// What stands on the paper.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct VerifyQuery {
    number: String,
    code: String,
}

/// `GET /verify`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<VerifyQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let verdict = if query.number.is_empty() && query.code.is_empty() {
        Verdict::Nothing
    } else {
        verdict(&app, &query).await?
    };
    let example = Kind::RefundStatement.numbered(123);
    let faults = Faults::default();
    show(&VerifyPage {
        t,
        page: Page::new(&app, &visitor, t.verify_title()),
        fields: vec![
            Field::text("number", t.verify_number())
                .value(&query.number)
                .hint(t.verify_number_hint(example))
                .longest(24)
                .error(&faults),
            Field::text("code", t.verify_code()).value(&query.code).longest(24).error(&faults),
        ],
        verdict,
    })
}

async fn verdict(app: &AppState, query: &VerifyQuery) -> Result<Verdict, WebError> {
    let Some((kind, number)) = Kind::parse_number(&query.number) else { return Ok(Verdict::False) };
    let found = documents::get(&mut *app.db.read().await?, kind, number).await?;
    let genuine = found.filter(|issued| app.documents.verify(kind, number, &issued.sha256, &query.code));
    let Some(issued) = genuine else { return Ok(Verdict::False) };
    Ok(Verdict::Genuine {
        taken_back: is_taken_back(app, &issued).await?,
        numbered: issued.numbered(),
        address: format!("/documents/{}/{number}", kind.as_str()),
        // The mark of a copy says nothing about the paper in hand: shown without.
        sheet: Box::new(SheetView(on_paper(app, &issued, false, Paper::A4))),
    })
}
