//! `/books/held`: readings that cannot be: those that wait for a person, and what was decided about earlier ones.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use words::Lang;

use crate::reads::books::quarantines::{self, Quarantine};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Lines of each list.
const LINES: i64 = 100;

/// `held.html`.
#[derive(Template)]
#[template(path = "office/books/held.html")]
struct HeldPage {
    t: Lang,
    page: Page,
    f: Format,
    open: Vec<Quarantine>,
    decided: Vec<Quarantine>,
}

/// `GET /books/held`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let open = quarantines::open(&mut conn, LINES).await?;
    let decided = quarantines::decided(&mut conn, LINES).await?;
    drop(conn);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    show(&HeldPage { t, page: Page::new(&app, &visitor, t.held_title()), f, open, decided })
}

/// What is strange about a reading, in words.
#[must_use]
pub fn why(t: Lang, f: &Format, held: &Quarantine) -> String {
    let difference = f.kwh_exact(&held.difference_wh());
    if held.backwards() { t.held_back(difference) } else { t.held_jump(difference, f.kwh(&held.allowed_wh)) }
}

impl HeldPage {
    fn why(&self, held: &Quarantine) -> String {
        why(self.t, &self.f, held)
    }

    fn decision(&self, held: &Quarantine) -> &'static str {
        match held.decision.as_deref() {
            Some("accepted") => self.t.held_accepted(),
            _ => self.t.held_rejected(),
        }
    }
}
