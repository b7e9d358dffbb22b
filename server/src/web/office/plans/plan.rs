//! `/prices/groups/{id}`: the form of a new plan, and setting it once its preview was confirmed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::GroupId;
use domain::tariff::{HOURS, MAX_STEPS, Per};
use serde::Deserialize;
use words::Lang;

use super::group_name;
use super::typed::{self, Kind, PERIODS};
use crate::ops::plans::{NoPlan, SetPlan};
use crate::reads::plans::price_plans;
use crate::reads::plans::room_groups::{self, Group};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::moments;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::settings::typed::Typed;

/// `price_plan.html`.
#[derive(Template)]
#[template(path = "office/plans/price_plan.html")]
struct PlanPage {
    t: Lang,
    page: Page,
    f: Format,
    group: Group,
    kind: Kind,
    refused: bool,
    price: Field,
    per: Field,
    steps: Vec<Line>,
    steps_error: Option<String>,
    hours: Vec<usize>,
    periods: Vec<Line>,
    periods_error: Option<String>,
    from: Field,
}

/// A step or a period as typed.
struct Line {
    number: usize,
    end: String,
    price: String,
    error: Option<String>,
}

/// Which kind of tariff the form is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlanQuery {
    kind: String,
}

/// A group by its id.
pub(super) async fn group(app: &AppState, id: &GroupId) -> Result<Group, WebError> {
    let groups = room_groups::all(&mut *app.db.read().await?).await?;
    groups.into_iter().find(|group| group.id == *id).ok_or(WebError::NotFound)
}

/// When a plan is to begin; `None` for now.
pub(super) fn from_ms(t: Lang, f: &Format, text: &str) -> Result<Option<i64>, Faults> {
    match text.trim() {
        "" => Ok(None),
        text => {
            moments::parse(text, f.zone()).map(Some).ok_or_else(|| Faults::one("from", t.supply_until_bad()))
        }
    }
}

/// `GET /prices/groups/{id}`: starts from what the group pays now.
///
/// # Errors
/// [`WebError::NotFound`] without such a group.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<GroupId>,
    Query(query): Query<PlanQuery>,
) -> Result<Response, WebError> {
    let group = group(&app, &id).await?;
    let now = price_plans::of_group(&mut *app.db.read().await?, &id, app.clock.now_ms()).await?;
    let typed = now.as_ref().map(typed::of).unwrap_or_default();
    let kind = Kind::parse(&query.kind).or_else(|| now.as_ref().map(Kind::of)).unwrap_or(Kind::Flat);
    show(&page(&app, &visitor, group, kind, &typed, &Faults::default()))
}

/// The form again, with what is wrong with it.
pub(super) fn refused(
    app: &AppState,
    visitor: &Visitor,
    (group, kind): (Group, Kind),
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, WebError> {
    show_refused(&page(app, visitor, group, kind, typed, faults))
}

fn page(
    app: &AppState,
    visitor: &Visitor,
    group: Group,
    kind: Kind,
    typed: &Typed,
    faults: &Faults,
) -> PlanPage {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let line = |prefix: &str, end: &str, number: usize| Line {
        number,
        end: typed.get(&format!("{prefix}{number}_{end}")).to_owned(),
        price: typed.get(&format!("{prefix}{number}_price")).to_owned(),
        error: faults.of(&format!("{prefix}{number}")).map(str::to_owned),
    };
    let price = Field::number("price", t.plan_price(), f.currency()).value(typed.get("price"));
    let pers = [(Per::Month, t.plan_month()), (Per::Year, t.plan_year())];
    let pers = pers.map(|(per, name)| Choice::new(per.as_str(), name)).to_vec();
    let from = Field::moment("from", t.plan_from()).value(typed.get("from")).hint(t.plan_from_hint());
    PlanPage {
        t,
        page: Page::new(app, visitor, t.plan_title(group_name(t, &group))),
        group,
        kind,
        refused: !faults.is_empty(),
        price: price.longest(16).error(faults),
        per: Field::select("per", t.plan_per(), pers).value(typed.get("per")),
        steps: (1..=MAX_STEPS).map(|number| line("s", "until", number)).collect(),
        steps_error: faults.of("steps").map(str::to_owned),
        hours: (0..HOURS).collect(),
        periods: (1..=PERIODS).map(|number| line("h", "from", number)).collect(),
        periods_error: faults.of("periods").map(str::to_owned),
        from: from.optional().error(faults),
        f,
    }
}

impl PlanPage {
    /// The other kinds of tariff, as the page offers them.
    #[expect(clippy::unused_self, reason = "templates reach it by the page")]
    fn kinds(&self) -> [Kind; 3] {
        Kind::ALL
    }

    /// Whether a period begins at that hour.
    #[expect(clippy::unused_self, reason = "templates reach it by the page")]
    fn is_hour(&self, row: &Line, hour: &usize) -> bool {
        row.end == hour.to_string()
    }

    /// An hour as a time of day.
    #[expect(clippy::unused_self, reason = "templates reach it by the page")]
    fn hour_text(&self, hour: &usize) -> String {
        format!("{hour:02}:00")
    }
}

/// `POST /prices/groups/{id}`: sets the plan that a preview showed.
///
/// # Errors
/// [`WebError::NotFound`] without such a group.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<GroupId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let group = group(&app, &id).await?;
    let kind = Kind::parse(typed.get("kind")).ok_or(WebError::BadRequest)?;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut faults = Faults::default();
    let Some(tariff) = typed::tariff(t, &typed, kind, &mut faults) else {
        return refused(&app, &visitor, (group, kind), &typed, &faults);
    };
    let from_ms = match from_ms(t, &f, typed.get("from")) {
        Ok(from_ms) => from_ms,
        Err(faults) => return refused(&app, &visitor, (group, kind), &typed, &faults),
    };
    let plan = SetPlan { key: typed.get("key").parse()?, group_id: id, terms: tariff.to_string(), from_ms };
    match app.ops.perform(visitor.actor()?, plan).await {
        Ok(_) => Ok(go("/prices")),
        Err(why) => {
            let faults = faults_of(t, kind, because(why)?)?;
            refused(&app, &visitor, (group, kind), &typed, &faults)
        }
    }
}

/// Why a plan can't be, at its field.
pub(super) fn faults_of(t: Lang, kind: Kind, why: NoPlan) -> Result<Faults, WebError> {
    let tariff = if kind == Kind::Hours { "periods" } else { "price" };
    Ok(match why {
        NoPlan::NoGroup => return Err(WebError::NotFound),
        NoPlan::Taken => Faults::one("from", t.plan_same_moment()),
        NoPlan::Past => Faults::one("from", t.field_past()),
        NoPlan::TooFarAhead => Faults::one("from", t.field_too_far_ahead()),
        NoPlan::Terms => Faults::one(tariff, t.field_malformed()),
        NoPlan::MeterHeld => Faults::one(tariff, t.plan_meter_held()),
    })
}
