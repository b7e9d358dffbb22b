//! `/rooms/{id}/move-out`: asks for a move-out. What comes of it is at `/departures/{id}`.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{RoomId, TenancyId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::moves::move_out::{AskMoveOut, NotLeaving};
use crate::reads::room::RoomFacts;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `move_out.html`.
#[derive(Template)]
#[template(path = "office/moves/move_out.html")]
struct MoveOutPage {
    t: Lang,
    page: Page,
    f: Format,
    facts: RoomFacts,
    key: String,
    trouble: Option<String>,
}

impl MoveOutPage {
    /// Whether the meter does not answer, so that its closing has to be waited for.
    fn dark(&self) -> bool {
        self.facts.served.as_ref().is_some_and(|served| !served.online)
    }
}

/// The tenancy that the form was for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MoveOutForm {
    key: String,
    tenancy: String,
}

fn move_out_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    id: &'a RoomId,
    faults: &'a Faults,
) -> BoxFuture<'a, Result<MoveOutPage, WebError>> {
    async move {
        let (t, now_ms) = (visitor.lang, app.clock.now_ms());
        let facts = visitor.room(&mut *app.db.read().await?, id, (now_ms, now_ms)).await?;
        let vacant = facts.tenancy.is_none().then(|| t.move_out_vacant().to_owned());
        Ok(MoveOutPage {
            t,
            page: Page::new(app, visitor, t.move_out_title(&facts.room.name)),
            f: Format::new(t, visitor.site.as_ref(), now_ms),
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
            trouble: faults.of("room").map(str::to_owned).or(vacant),
            facts,
        })
    }
    .boxed()
}

/// `GET /rooms/{id}/move-out`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    show(&move_out_page(&app, &visitor, &id, &Faults::default()).await?)
}

/// `POST /rooms/{id}/move-out`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<MoveOutForm>,
) -> Result<Response, WebError> {
    let request =
        AskMoveOut { key: form.key.parse()?, room_id: id.clone(), tenancy_id: TenancyId(form.tenancy) };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(asked) => Ok(go(&format!("/departures/{}", asked.id))),
        Err(refused) => {
            let faults = Faults::one("room", leaving_words(visitor.lang, because(refused)?)?);
            show_refused(&move_out_page(&app, &visitor, &id, &faults).await?)
        }
    }
}

/// Why residents can't leave now.
///
/// # Errors
/// Whatever isn't for the office to mend.
pub(crate) fn leaving_words(t: Lang, why: NotLeaving) -> Result<&'static str, WebError> {
    match why {
        NotLeaving::NoRoom => Err(WebError::NotFound),
        NotLeaving::MovedOut => Ok(t.move_out_gone()),
        NotLeaving::Vacant => Ok(t.move_out_vacant()),
        NotLeaving::OthersLiveThere => Ok(t.move_out_changed()),
        NotLeaving::AwaitsCredit => Ok(t.move_out_awaits_credit()),
    }
}
