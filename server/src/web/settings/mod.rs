//! `/settings`: what meters decide by, for the whole site, a building, a floor or a room: what is wanted, what holds,
//! and the way to change each part.

mod calendar;
mod cap;
mod credit;
mod friendly;
mod schedule;
mod scope;
mod standing;
mod times;
mod typed;
pub mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use meter_core::settings::{DayType, HouseholdBlock, LoopId};
use serde::Deserialize;

pub use self::calendar::{get as get_calendar, post as post_calendar};
pub use self::cap::{get as get_cap, post as post_cap};
pub use self::credit::{get as get_credit, post as post_credit};
pub use self::friendly::{get as get_friendly, post as post_friendly};
pub use self::schedule::{get as get_schedule, post as post_schedule};
use self::scope::ScopeView;
use self::standing::Standing;
pub use self::times::day_of;
use crate::db::Connection;
use crate::ops::change_settings::{ChangeSettings, change};
use crate::ops::{Key, OpError};
use crate::settings::{DayKind, Scope, factory_household};
use crate::web::error::WebError;
use crate::web::format::Format;
use crate::web::forms::Query;
use crate::web::i18n::Lang;
use crate::web::next::encode;
use crate::web::page::{Page, go, show};
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// `settings.html`.
#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    t: Lang,
    page: Page,
    scope: ScopeView,
    saved: bool,
    parts: Vec<Part>,
    calendar: Vec<String>,
}

/// A block of settings that has a form of its own.
struct Part {
    title: String,
    href: String,
    standing: Standing,
}

/// For whom, and whether something was just saved.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettingsQuery {
    scope: String,
    saved: String,
}

impl SettingsQuery {
    fn scope(&self) -> Result<Scope, WebError> {
        match self.scope.as_str() {
            "" => Ok(Scope::Site),
            text => text.parse().map_err(|_| WebError::NotFound),
        }
    }
}

/// `GET /settings`.
///
/// # Errors
/// [`WebError::NotFound`] without such a building, floor or room.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut conn = app.db.read().await?;
    let scope = ScopeView::read(&mut conn, t, query.scope()?).await?;
    let parts = parts(&mut conn, t, &f, &scope).await?;
    let calendar = calendar::lines(&mut conn, t, &f).await?;
    drop(conn);
    let page = Page::new(&app, &visitor, t.settings_title());
    show(&SettingsPage { t, page, scope, saved: query.saved == "1", parts, calendar })
}

async fn parts(conn: &mut Connection, t: Lang, f: &Format, scope: &ScopeView) -> Result<Vec<Part>, WebError> {
    let mut parts = Vec::new();
    for (_, block) in factory_household() {
        // The second loop is set where it is built in; its pages follow those of the main one.
        if block.loop_id() == Some(LoopId::Second) {
            continue;
        }
        let Some(path) = path(&block) else { continue };
        parts.push(Part {
            title: title(t, &block).to_owned(),
            href: format!("{path}?scope={}", encode(&scope.scope.to_string())),
            standing: Standing::read(conn, t, f, &scope.scope, block.number()).await?,
        });
    }
    Ok(parts)
}

/// The name of a block.
#[must_use]
pub fn title(t: Lang, block: &HouseholdBlock) -> &'static str {
    match block {
        HouseholdBlock::Credit(_) => t.settings_credit(),
        HouseholdBlock::Friendly(_) => t.settings_friendly(),
        HouseholdBlock::Cap(..) => t.settings_cap(),
        HouseholdBlock::Table(_, day, _) => schedule_title(t, *day),
        HouseholdBlock::Voltage(_) => t.settings_voltage(),
        HouseholdBlock::OverCurrent(..) => t.settings_over_current(),
        HouseholdBlock::Vicious(..) => t.settings_vicious(),
        HouseholdBlock::Permitted(..) => t.settings_permitted(),
    }
}

fn schedule_title(t: Lang, day: DayType) -> &'static str {
    match day {
        DayType::Working => t.settings_working(),
        DayType::Rest => t.settings_rest(),
        DayType::Holiday => t.settings_holiday(),
        DayType::Examination => t.settings_examination(),
    }
}

fn path(block: &HouseholdBlock) -> Option<String> {
    Some(match block {
        HouseholdBlock::Credit(_) => "/settings/credit".to_owned(),
        HouseholdBlock::Friendly(_) => "/settings/friendly".to_owned(),
        HouseholdBlock::Cap(LoopId::Main, _) => "/settings/cap".to_owned(),
        HouseholdBlock::Table(LoopId::Main, day, _) => {
            format!("/settings/schedule/{}", DayKind(*day).as_str())
        }
        HouseholdBlock::Cap(..)
        | HouseholdBlock::Table(..)
        | HouseholdBlock::Voltage(_)
        | HouseholdBlock::OverCurrent(..)
        | HouseholdBlock::Vicious(..)
        | HouseholdBlock::Permitted(..) => return None,
    })
}

/// What a page that changes one block needs.
struct Frame {
    scope: ScopeView,
    standing: Standing,
    key: String,
}

impl Frame {
    async fn read(app: &AppState, visitor: &Visitor, scope: Scope, number: u8) -> Result<Self, WebError> {
        let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
        let mut conn = app.db.read().await?;
        let scope = ScopeView::read(&mut conn, visitor.lang, scope).await?;
        let standing = Standing::read(&mut conn, visitor.lang, &f, &scope.scope, number).await?;
        Ok(Self { scope, standing, key: Key::new(app.clock.as_ref()).as_str().to_owned() })
    }
}

/// Saves blocks and leads back to the overview; an error is for the form to explain.
async fn save(
    app: &AppState,
    visitor: &Visitor,
    scope: Scope,
    key: &str,
    blocks: Vec<HouseholdBlock>,
) -> Result<Result<Response, OpError>, WebError> {
    let back = format!("/settings?scope={}&saved=1", encode(&scope.to_string()));
    let request = ChangeSettings { key: key.parse()?, scope, blocks };
    Ok(match change(&app.db, app.clock.as_ref(), visitor.actor()?, request).await {
        Ok(_) => {
            app.wake.wake();
            Ok(go(&back))
        }
        Err(OpError::NoMeter) => return Err(WebError::NotFound),
        Err(error) => Err(error),
    })
}
