//! `/settings`: what meters decide by, for the whole site, a building, a floor or a room: what is wanted, what holds,
//! and the way to change each part.

mod block_form;
mod calendar;
mod cap;
mod credit;
mod friendly;
mod over_current;
mod permitted;
pub mod phrases;
mod policy;
mod preset;
mod protection_words;
mod schedule;
pub mod scope;
mod standing;
pub mod times;
pub mod typed;
mod vicious;
mod voltage;
mod which_loop;
mod window_words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::settings::{DayKind, Scope, factory_block, factory_household};
use meter_core::settings::{DayType, HouseholdBlock, LoopId};
use serde::Deserialize;
use words::Lang;

pub use self::block_form::{BlockForm, form};
pub use self::calendar::{get as get_calendar, post as post_calendar};
pub use self::cap::Cap;
pub use self::credit::Credit;
pub use self::friendly::Friendly;
pub use self::over_current::OverCurrent;
pub use self::permitted::Permitted;
use self::preset::Preset;
pub use self::schedule::{get as get_schedule, post as post_schedule};
use self::scope::ScopeView;
use self::standing::Standing;
pub use self::times::day_of;
pub use self::vicious::Vicious;
pub use self::voltage::Voltage;
use crate::db::Connection;
use crate::ops::kit::Key;
use crate::ops::meters::change_settings::{ChangeSettings, NoSettings};
use crate::reads::meters::settings::rooms_in;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::next::encode;
use crate::web::kit::page::{Page, go, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// `settings.html`.
#[derive(Template)]
#[template(path = "office/meters/settings.html")]
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
    #[serde(rename = "loop")]
    of_loop: String,
    preset: String,
}

impl SettingsQuery {
    fn scope(&self) -> Result<Scope, WebError> {
        match self.scope.as_str() {
            "" => Ok(Scope::Site),
            text => text.parse().map_err(|_| WebError::NotFound),
        }
    }

    fn of_loop(&self) -> Result<LoopId, WebError> {
        which_loop::named(&self.of_loop)
    }

    fn preset(&self) -> Option<Preset> {
        Preset::named(&self.preset)
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
    let scope = ScopeView::read(&mut conn, t, query.scope()?, LoopId::Main).await?;
    let parts = parts(&mut conn, t, &f, &scope).await?;
    let calendar = calendar::lines(&mut conn, t, &f).await?;
    drop(conn);
    let page = Page::new(&app, &visitor, t.settings_title());
    show(&SettingsPage { t, page, scope, saved: query.saved == "1", parts, calendar })
}

async fn parts(conn: &mut Connection, t: Lang, f: &Format, scope: &ScopeView) -> Result<Vec<Part>, WebError> {
    let mut parts = Vec::new();
    // The second loop is set where it is built in; its pages follow those of the main one.
    let has_second = rooms_in(conn, &scope.scope, LoopId::Second).await? > 0;
    let (second, main): (Vec<_>, Vec<_>) = factory_household()
        .into_iter()
        .map(|(_, block)| block)
        .partition(|block| block.loop_id() == Some(LoopId::Second));
    for block in main.into_iter().chain(second.into_iter().filter(|_| has_second)) {
        let of_loop = block.loop_id().map_or("", which_loop::name);
        parts.push(Part {
            title: full_title(t, &block),
            href: format!("{}?scope={}&loop={of_loop}", path(&block), encode(&scope.scope.to_string())),
            standing: Standing::read(conn, t, f, &scope.scope, block.number()).await?,
        });
    }
    Ok(parts)
}

/// The name of a block; of one of the second loop, it says so.
#[must_use]
pub fn full_title(t: Lang, block: &HouseholdBlock) -> String {
    loop_title(t, block.loop_id().unwrap_or(LoopId::Main), title(t, block))
}

fn loop_title(t: Lang, of_loop: LoopId, title: &str) -> String {
    match of_loop {
        LoopId::Main => title.to_owned(),
        LoopId::Second => t.second_loop_of(title),
    }
}

/// The name of a block, whichever loop's.
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

fn path(block: &HouseholdBlock) -> String {
    match block {
        HouseholdBlock::Credit(_) => "/settings/credit".to_owned(),
        HouseholdBlock::Friendly(_) => "/settings/friendly".to_owned(),
        HouseholdBlock::Cap(..) => "/settings/cap".to_owned(),
        HouseholdBlock::Table(_, day, _) => {
            format!("/settings/schedule/{}", DayKind(*day).as_str())
        }
        HouseholdBlock::Voltage(_) => "/settings/voltage".to_owned(),
        HouseholdBlock::OverCurrent(..) => "/settings/over-current".to_owned(),
        HouseholdBlock::Vicious(..) => "/settings/vicious".to_owned(),
        HouseholdBlock::Permitted(..) => "/settings/permitted".to_owned(),
    }
}

/// What a page that changes one block needs.
pub struct Frame {
    scope: ScopeView,
    standing: Standing,
    key: String,
}

impl Frame {
    async fn read(app: &AppState, visitor: &Visitor, scope: Scope, number: u8) -> Result<Self, WebError> {
        let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
        let mut conn = app.db.read().await?;
        let of_loop = factory_block(number).and_then(|block| block.loop_id()).unwrap_or(LoopId::Main);
        let scope = ScopeView::read(&mut conn, visitor.lang, scope, of_loop).await?;
        let standing = Standing::read(&mut conn, visitor.lang, &f, &scope.scope, number).await?;
        Ok(Self { scope, standing, key: Key::new(app.clock.as_ref()).as_str().to_owned() })
    }

    /// The loop that the block is of; the main one for a block of the household.
    fn which_loop(&self) -> LoopId {
        self.standing.start.loop_id().unwrap_or(LoopId::Main)
    }

    /// Its name in forms.
    fn loop_name(&self) -> &'static str {
        which_loop::name(self.which_loop())
    }
}

/// Saves blocks and leads back to the overview; a refusal is for the form to explain.
async fn save(
    app: &AppState,
    visitor: &Visitor,
    scope: Scope,
    key: &str,
    blocks: Vec<HouseholdBlock>,
) -> Result<Result<Response, NoSettings>, WebError> {
    let back = format!("/settings?scope={}&saved=1", encode(&scope.to_string()));
    let request = ChangeSettings { key: key.parse()?, scope, blocks };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(Ok(go(&back))),
        Err(refused) => because(refused).map(Err),
    }
}
