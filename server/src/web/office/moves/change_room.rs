//! `/rooms/{id}/change`: moves the residents to a vacant room; their paid credit follows.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{RoomId, TenancyId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::ops::moves::change_room::{ChangeRoom, NotChanged};
use crate::ops::moves::move_in::NotMovedIn;
use crate::reads::places::rooms::{self, Room};
use crate::reads::room::RoomFacts;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::moves::move_out::leaving_words;

/// Vacant rooms to choose from.
const MOST_ROOMS: i64 = 2_000;

/// `change_room.html`.
#[derive(Template)]
#[template(path = "office/moves/change_room.html")]
struct ChangePage {
    t: Lang,
    page: Page,
    f: Format,
    facts: RoomFacts,
    key: String,
    trouble: Option<String>,
    to: Field,
    none_vacant: bool,
}

/// Where to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    key: String,
    tenancy: String,
    to: String,
}

fn change_page<'a>(
    app: &'a AppState,
    visitor: &'a Visitor,
    id: &'a RoomId,
    form: &'a ChangeForm,
    faults: &'a Faults,
) -> BoxFuture<'a, Result<ChangePage, WebError>> {
    async move {
        let (t, now_ms) = (visitor.lang, app.clock.now_ms());
        let mut conn = app.db.read().await?;
        let facts = visitor.room(&mut conn, id, (now_ms, now_ms)).await?;
        let vacant = rooms::vacant_rooms(&mut conn, None, MOST_ROOMS).await?;
        let vacancy = facts.tenancy.is_none().then(|| t.move_out_vacant().to_owned());
        let choice = |room: &Room| {
            Choice::new(room.id.as_str(), t.room_choice(&room.building_name, &room.floor_name, &room.name))
        };
        let choices = std::iter::once(Choice::new("", t.choose())).chain(vacant.iter().map(choice));
        Ok(ChangePage {
            t,
            page: Page::new(app, visitor, t.change_title(&facts.room.name)),
            f: Format::new(t, visitor.site.as_ref(), now_ms),
            key: Key::new(app.clock.as_ref()).as_str().to_owned(),
            trouble: faults.of("room").map(str::to_owned).or(vacancy),
            to: Field::select("to", t.change_to(), choices.collect()).value(&form.to).error(faults),
            none_vacant: vacant.is_empty(),
            facts,
        })
    }
    .boxed()
}

/// `GET /rooms/{id}/change`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    show(&change_page(&app, &visitor, &id, &ChangeForm::default(), &Faults::default()).await?)
}

/// `POST /rooms/{id}/change`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    if form.to.trim().is_empty() {
        let faults = Faults::one("to", t.field_missing());
        return show_refused(&change_page(&app, &visitor, &id, &form, &faults).await?);
    }
    let request = ChangeRoom {
        key: form.key.parse()?,
        room_id: id.clone(),
        tenancy_id: TenancyId(form.tenancy.clone()),
        to_room_id: RoomId(form.to.clone()),
    };
    let faults = match app.ops.perform(visitor.actor()?, request).await {
        Ok(changed) => return Ok(go(&format!("/departures/{}", changed.id))),
        Err(refused) => match because(refused)? {
            NotChanged::Leaving(why) => Faults::one("room", leaving_words(t, why)?),
            NotChanged::NoMeter => Faults::one("to", t.change_no_meter()),
            NotChanged::MovingIn(NotMovedIn::Unclosed) => Faults::one("to", t.change_unclosed()),
            NotChanged::MovingIn(NotMovedIn::NoRoom) => return Err(WebError::NotFound),
            // Who moves lives in the house already, under a number and a name that were taken once.
            NotChanged::MovingIn(
                NotMovedIn::Occupied
                | NotMovedIn::Nobody
                | NotMovedIn::TooMany
                | NotMovedIn::Twice
                | NotMovedIn::OtherName { .. }
                | NotMovedIn::LivesElsewhere { .. }
                | NotMovedIn::Number(_)
                | NotMovedIn::Name(_),
            ) => Faults::one("to", t.change_occupied()),
        },
    };
    show_refused(&change_page(&app, &visitor, &id, &form, &faults).await?)
}
