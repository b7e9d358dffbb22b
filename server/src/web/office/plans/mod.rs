//! `/prices`: groups of rooms and what they pay, from when on.

mod group_forms;
mod group_name;
pub mod groups;
mod phrases;
pub mod plan;
pub mod preview;
mod typed;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{GroupId, PriceId};
use domain::settings::Scope;
use meter_core::settings::LoopId;
use serde::Deserialize;
use words::Lang;

use self::group_forms::{GroupForm, RoomsForm};
pub(crate) use self::group_name::group_name;
pub use self::phrases::{piece_words, step_words, tariff_words};
use crate::db::DbError;
use crate::ops::kit::Key;
use crate::ops::plans::{HasBegun, WithdrawPlan};
use crate::reads::plans::price_plans::{self, Plan};
use crate::reads::plans::room_groups::{self, Group};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::settings::scope::ScopeView;

/// `prices.html`.
#[derive(Template)]
#[template(path = "office/plans/prices.html")]
struct PricesPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    trouble: Option<String>,
    cards: Vec<GroupCard>,
    group_fields: Vec<Field>,
    room_fields: Vec<Field>,
    three_phase: bool,
}

/// A group on the page.
struct GroupCard {
    id: GroupId,
    name: String,
    rooms: i64,
    /// What it pays now; `None` before any price.
    now: Option<String>,
    /// From when, and what: what is to come with the plan's id, and what was.
    to_come: Vec<(i64, String, PriceId)>,
    before: Vec<(i64, String)>,
}

/// What was typed into which form, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    group: GroupForm,
    rooms: RoomsForm,
    trouble: Option<String>,
    faults: Faults,
}

async fn prices_page(app: &AppState, visitor: &Visitor, typed: Typed) -> Result<PricesPage, WebError> {
    let (t, now_ms) = (visitor.lang, app.clock.now_ms());
    let f = Format::new(t, visitor.site.as_ref(), now_ms);
    let mut conn = app.db.read().await?;
    let groups = room_groups::all(&mut conn).await?;
    let all = price_plans::all(&mut conn).await?;
    let scopes = ScopeView::read(&mut conn, t, Scope::Site, LoopId::Main).await?.choices;
    drop(conn);
    let cards = groups.iter().map(|group| card(t, &f, group, &all)).collect::<Result<_, _>>()?;
    Ok(PricesPage {
        t,
        page: Page::new(app, visitor, t.prices_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        trouble: typed.trouble,
        cards,
        group_fields: typed.group.fields(t, &typed.faults),
        three_phase: !typed.rooms.three_phase.is_empty(),
        room_fields: typed.rooms.fields(t, &groups, scopes, &typed.faults),
        f,
    })
}

fn card(t: Lang, f: &Format, group: &Group, all: &[Plan]) -> Result<GroupCard, DbError> {
    let own = all.iter().filter(|plan| plan.group_id.as_ref() == Some(&group.id));
    let (mut now, mut to_come, mut before) = (None, Vec::new(), Vec::new());
    // The newest first.
    for plan in own {
        let Some(from_ms) = plan.from_ms else { continue };
        let words = tariff_words(t, f, &plan.tariff()?);
        if from_ms > f.now_ms() {
            to_come.insert(0, (from_ms, words, plan.id.clone()));
        } else if now.is_none() {
            now = Some(words);
        } else {
            before.push((from_ms, words));
        }
    }
    let default = group.id.as_str() == price_plans::DEFAULT_GROUP;
    let now = now.or_else(|| (!default).then(|| t.prices_as_default().to_owned()));
    Ok(GroupCard {
        id: group.id.clone(),
        name: group_name(t, group).to_owned(),
        rooms: group.rooms,
        now,
        to_come,
        before,
    })
}

/// `GET /prices`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    show(&prices_page(&app, &visitor, Typed::default()).await?)
}

/// A form that has nothing but its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    key: String,
}

/// `POST /prices/plans/{id}/withdrawal`.
///
/// # Errors
/// As any page.
pub async fn post_withdrawal(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<PriceId>,
    Form(form): Form<KeyForm>,
) -> Result<Response, WebError> {
    let plan = WithdrawPlan { key: form.key.parse()?, id };
    match app.ops.perform(visitor.actor()?, plan).await {
        Ok(_) => Ok(go("/prices")),
        Err(refused) => {
            let HasBegun = because(refused)?;
            let trouble = Some(visitor.lang.prices_withdrawn().to_owned());
            show_refused(&prices_page(&app, &visitor, Typed { trouble, ..Typed::default() }).await?)
        }
    }
}
