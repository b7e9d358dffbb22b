//! `/moves`: who is about to leave or has left and is still owed something, and the ways in and out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::ops::policy::{Action, may};
use crate::web::error::WebError;
use crate::web::i18n::Lang;
use crate::web::page::{Page, show};
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// `moves.html`.
#[derive(Template)]
#[template(path = "moves.html")]
struct MovesPage {
    t: Lang,
    page: Page,
    can_move_in: bool,
}

/// `GET /moves`.
///
/// # Errors
/// When the template fails.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let role = visitor.actor()?.role;
    show(&MovesPage {
        t: visitor.lang,
        page: Page::new(&app, &visitor, visitor.lang.nav_moves()),
        can_move_in: may(role, Action::MoveIn),
    })
}
