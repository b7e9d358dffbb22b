//! `/rooms/{id}/residents`: what the people of a room are, which some rules of free electricity go by.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::allowance::ResidentKind;
use domain::ids::{ResidentId, RoomId, TenancyId};
use words::Lang;

use crate::ops::allowance::{OthersLiveThere, SetKinds};
use crate::ops::kit::Key;
use crate::reads::people::residents;
use crate::reads::places::rooms::{self, Room};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Field};
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::allowance::phrases::kind_name;
use crate::web::office::meters::settings::typed::Typed;

/// `residents.html`.
#[derive(Template)]
#[template(path = "office/people/residents.html")]
struct ResidentsPage {
    t: Lang,
    page: Page,
    room: Room,
    key: String,
    tenancy: String,
    trouble: Option<String>,
    fields: Vec<Field>,
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    id: &RoomId,
    trouble: Option<String>,
) -> Result<ResidentsPage, WebError> {
    let t = visitor.lang;
    let mut conn = app.db.read().await?;
    let room = rooms::room(&mut conn, id).await?.ok_or(WebError::NotFound)?;
    let tenancy = residents::open_tenancy(&mut conn, id).await?;
    let mut fields = Vec::new();
    if let Some(tenancy) = &tenancy {
        let kinds = residents::kinds_of(&mut conn, &tenancy.id).await?;
        let residents = residents::residents_of(&mut conn, &tenancy.id).await?;
        for (resident, (_, kind)) in residents.iter().zip(&kinds) {
            let name = format!("kind-{}", resident.id);
            fields.push(
                Field::select(name, &resident.name, choices(t)).value(kind.as_str()).hint(&resident.number),
            );
        }
    }
    drop(conn);
    Ok(ResidentsPage {
        t,
        page: Page::new(app, visitor, t.residents_title(&room.name)),
        room,
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble: trouble.or_else(|| tenancy.is_none().then(|| t.room_vacant().to_owned())),
        tenancy: tenancy.map_or_else(String::new, |tenancy| tenancy.id.to_string()),
        fields,
    })
}

fn choices(t: Lang) -> Vec<Choice> {
    ResidentKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_name(t, kind))).to_vec()
}

/// `GET /rooms/{id}/residents`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
) -> Result<Response, WebError> {
    show(&page(&app, &visitor, &id, None).await?)
}

/// `POST /rooms/{id}/residents`.
///
/// # Errors
/// [`WebError::NotFound`] without such a room; [`WebError::BadRequest`] for a kind that there is not.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RoomId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let mut kinds = Vec::new();
    for (name, value) in typed.all() {
        if let Some(resident) = name.strip_prefix("kind-") {
            let kind = value.parse().map_err(|_| WebError::BadRequest)?;
            kinds.push((ResidentId(resident.to_owned()), kind));
        }
    }
    let request = SetKinds {
        key: typed.get("key").parse()?,
        room_id: id.clone(),
        tenancy_id: TenancyId(typed.get("tenancy").to_owned()),
        kinds,
    };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go(&format!("/rooms/{id}"))),
        Err(refused) => {
            let OthersLiveThere = because(refused)?;
            let trouble = visitor.lang.residents_changed().to_owned();
            show_refused(&page(&app, &visitor, &id, Some(trouble)).await?)
        }
    }
}
