//! `/sell`: find the room or the resident that a sale is for.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use words::Lang;

use crate::reads::desk::sales::{self, Sale};
use crate::reads::people::search::{self, Found};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Results on the page: more would not be read.
const RESULTS: i64 = 20;
/// Latest sales on the page.
const LATEST: i64 = 10;
/// The longest search, in characters.
const LONGEST: usize = 80;

/// `sell.html`.
#[derive(Template)]
#[template(path = "office/desk/sell.html")]
struct SellPage {
    t: Lang,
    page: Page,
    f: Format,
    query: String,
    found: Vec<Found>,
    latest: Vec<Sale>,
}

/// What is looked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SellQuery {
    q: String,
}

/// `GET /sell`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SellQuery>,
) -> Result<Response, WebError> {
    let text: String = query.q.trim().chars().take(LONGEST).collect();
    let mut conn = app.db.read().await?;
    let (found, latest) = if text.is_empty() {
        (Vec::new(), sales::latest(&mut conn, LATEST).await?)
    } else {
        (search::rooms_and_residents(&mut conn, &text, RESULTS).await?, Vec::new())
    };
    show(&SellPage {
        t: visitor.lang,
        page: Page::new(&app, &visitor, visitor.lang.sell_title()),
        f: Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms()),
        query: text,
        found,
        latest,
    })
}
