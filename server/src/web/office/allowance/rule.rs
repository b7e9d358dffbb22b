//! `/allowances/rule` and `/allowances/rules/{id}`: writing and changing a rule of free electricity.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::allowance::{FirstMonth, ResidentKind};
use domain::ids::RuleId;
use domain::month::{date_of, day_number};
use words::Lang;

use super::phrases::{first_month, kind_name, months};
use super::{places_of, typed};
use crate::ops::kit::Key;
use crate::reads::allowance;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::settings::typed::Typed;

/// `allowance_rule.html`.
#[derive(Template)]
#[template(path = "office/allowance/allowance_rule.html")]
struct RulePage {
    t: Lang,
    page: Page,
    key: String,
    refused: bool,
    name: Field,
    amounts: Vec<Field>,
    kinds: Vec<Field>,
    places: Vec<Tick>,
    places_error: Option<String>,
    rest: Vec<Field>,
    months: Vec<Tick>,
    months_error: Option<String>,
    times: Vec<Field>,
}

/// A box to tick.
struct Tick {
    name: String,
    label: String,
    ticked: bool,
}

/// `GET /allowances/rule`.
///
/// # Errors
/// As any page.
pub async fn get_new(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let f = Format::new(visitor.lang, visitor.site.as_ref(), app.clock.now_ms());
    let typed = typed::fresh(day_number(date_of(f.now_ms(), f.zone())));
    show(&page(&app, &visitor, None, &typed, &Faults::default()).await?)
}

/// `GET /allowances/rules/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a rule.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RuleId>,
) -> Result<Response, WebError> {
    let rule = allowance::get(&mut *app.db.read().await?, &id).await?.ok_or(WebError::NotFound)?;
    show(&page(&app, &visitor, Some(&rule.name), &typed::of(&rule), &Faults::default()).await?)
}

/// `POST /allowances/rule`.
///
/// # Errors
/// As any page.
pub async fn post_new(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    save(&app, &visitor, None, &typed).await
}

/// `POST /allowances/rules/{id}`.
///
/// # Errors
/// [`WebError::NotFound`] without such a rule.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<RuleId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let rule = allowance::get(&mut *app.db.read().await?, &id).await?.ok_or(WebError::NotFound)?;
    save(&app, &visitor, Some((id, rule.name)), &typed).await
}

async fn save(
    app: &AppState,
    visitor: &Visitor,
    rule: Option<(RuleId, String)>,
    typed: &Typed,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let places = places_of(&mut *app.db.read().await?, t).await?;
    let mut faults = Faults::default();
    let id = rule.as_ref().map(|(id, _)| id.clone());
    let form = typed::understand(t, typed, id, &places, &mut faults)?;
    if faults.is_empty() {
        match app.ops.perform(visitor.actor()?, form).await {
            Ok(_) => return Ok(go("/allowances")),
            Err(refused) => faults = typed::faults_of(t, because(refused)?)?,
        }
    }
    let name = rule.as_ref().map(|(_, name)| name.as_str());
    show_refused(&page(app, visitor, name, typed, &faults).await?)
}

async fn page(
    app: &AppState,
    visitor: &Visitor,
    name: Option<&str>,
    typed: &Typed,
    faults: &Faults,
) -> Result<RulePage, WebError> {
    let t = visitor.lang;
    let title = name.map_or_else(|| t.rule_new_title().to_owned(), |name| t.rule_change_title(name));
    let places = places_of(&mut *app.db.read().await?, t).await?;
    let tick = |name: String, label| Tick { ticked: !typed.get(&name).is_empty(), name, label };
    let number = |name: &str, label: &str| {
        Field::number(name, label, t.unit_kwh()).value(typed.get(name)).longest(12).optional().error(faults)
    };
    let kind = |kind: ResidentKind| {
        number(kind.as_str(), &t.rule_kind_field(kind_name(t, kind))).hint(t.rule_kind_hint())
    };
    let name = Field::text("name", t.rule_name()).value(typed.get("name")).hint(t.rule_name_hint());
    Ok(RulePage {
        t,
        page: Page::new(app, visitor, title),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        refused: !faults.is_empty(),
        name: name.longest(80).error(faults),
        amounts: vec![number("room", t.rule_room_field()), number("person", t.rule_person_field())],
        kinds: ResidentKind::ALL.map(kind).to_vec(),
        places: places.into_iter().map(|place| tick(format!("place-{}", place.id), place.label)).collect(),
        places_error: faults.of("places").map(str::to_owned),
        rest: vec![
            Field::select("carry", t.rule_carry_field(), carries(t)).value(typed.get("carry")).error(faults),
            number("carry_kwh", t.rule_cap_field()),
            Field::select("first_month", t.rule_first_field(), first_months(t))
                .value(typed.get("first_month"))
                .error(faults),
        ],
        months: (0..).zip(months(t)).map(|(at, label): (u8, _)| tick(format!("off{at}"), label)).collect(),
        months_error: faults.of("months").map(str::to_owned),
        times: times(t, typed, faults),
    })
}

fn times(t: Lang, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let day = Field::number("day", t.rule_day_field(), "").value(typed.get("day")).hint(t.rule_day_hint());
    vec![
        day.longest(2).error(faults),
        Field::time("time", t.rule_time_field()).value(typed.get("time")).error(faults),
        Field::date("from", t.rule_from_field()).value(typed.get("from")).error(faults),
        Field::date("until", t.rule_until_field()).value(typed.get("until")).optional().error(faults),
    ]
}

fn carries(t: Lang) -> Vec<Choice> {
    vec![
        Choice::new("keep", t.rule_choice_keep()),
        Choice::new("cap", t.rule_choice_cap()),
        Choice::new("lapse", t.rule_choice_lapse()),
    ]
}

fn first_months(t: Lang) -> Vec<Choice> {
    let all = [FirstMonth::Whole, FirstMonth::ProRata];
    all.map(|first| Choice::new(first.as_str(), first_month(t, first))).to_vec()
}
