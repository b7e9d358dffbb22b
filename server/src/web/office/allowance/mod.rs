//! `/allowances`: the rules of free electricity and their latest runs.

pub mod export;
pub mod grant;
pub mod phrases;
pub mod preview;
pub mod rule;
pub mod run;
pub mod subsidy;
mod typed;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::GroupId;
use domain::month::Month;
use words::Lang;

use self::phrases::rule_lines;
use crate::db::Connection;
use crate::reads::allowance::runs::{self, Run};
use crate::reads::allowance::{self, Rule};
use crate::reads::places::rooms;
use crate::reads::plans::{price_plans, room_groups};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Runs shown.
const RUNS: i64 = 24;

/// `allowances.html`.
#[derive(Template)]
#[template(path = "office/allowance/allowances.html")]
struct AllowancesPage {
    t: Lang,
    page: Page,
    f: Format,
    priced: bool,
    rules: Vec<RuleCard>,
    runs: Vec<Run>,
}

/// A rule on the page.
struct RuleCard {
    id: String,
    name: String,
    lines: Vec<(&'static str, String)>,
    next: String,
}

/// A building or a group that a rule may be for.
pub(crate) struct Place {
    id: String,
    label: String,
}

/// `GET /allowances`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let (t, now_ms) = (visitor.lang, app.clock.now_ms());
    let f = Format::new(t, visitor.site.as_ref(), now_ms);
    let mut conn = app.db.read().await?;
    let places = places_of(&mut conn, t).await?;
    let default = GroupId(price_plans::DEFAULT_GROUP.to_owned());
    let priced = price_plans::of_group(&mut conn, &default, now_ms).await?.is_some();
    let rules = allowance::all(&mut conn).await?;
    let runs = runs::latest(&mut conn, RUNS).await?;
    drop(conn);
    let rules = rules.iter().map(|rule| card(t, &f, rule, &places)).collect();
    show(&AllowancesPage { t, page: Page::new(&app, &visitor, t.allowances_title()), f, priced, rules, runs })
}

fn card(t: Lang, f: &Format, rule: &Rule, places: &[Place]) -> RuleCard {
    let next = rule.calendar.next_due_ms(f.now_ms(), f.zone());
    RuleCard {
        id: rule.id.to_string(),
        name: rule.name.clone(),
        lines: rule_lines(t, f, rule, &names(rule, places)),
        next: next.map_or_else(|| t.allowances_no_next().to_owned(), |ms| t.allowances_next(f.when(&ms))),
    }
}

/// What a rule is for, by name.
fn names(rule: &Rule, places: &[Place]) -> Vec<String> {
    let of = |id: &String| places.iter().find(|place| place.id == *id).map(|place| place.label.clone());
    rule.places.iter().filter_map(of).collect()
}

/// Every building and every group.
async fn places_of(conn: &mut Connection, t: Lang) -> Result<Vec<Place>, WebError> {
    let buildings = rooms::buildings(conn).await?.into_iter();
    let buildings = buildings
        .map(|building| Place { id: building.id.to_string(), label: t.rule_place_building(&building.name) });
    let groups = room_groups::all(conn).await?.into_iter().map(|group| {
        let name = if group.name.is_empty() { t.group_default() } else { &group.name };
        Place { id: group.id.to_string(), label: t.rule_place_group(name) }
    });
    Ok(buildings.chain(groups).collect())
}

/// The month that an address names, as written in a language.
fn month_name(f: &Format, period: &str) -> String {
    period.parse::<Month>().map_or_else(|_| period.to_owned(), |month| f.month(month.first_day()))
}

impl AllowancesPage {
    fn month(&self, run: &Run) -> String {
        month_name(&self.f, &run.period)
    }
}
