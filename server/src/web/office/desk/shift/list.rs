//! `/shifts`: shifts, the newest first; a cashier's own, or as a manager everybody's, by day and cashier.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::UserId;
use domain::rights::Action;
use serde::Deserialize;
use words::Lang;

use crate::reads::desk::shifts::{self, Filter, Shift};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Choice, Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::period::{ends_ms, next_day, parse_day};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Shifts on the page; older ones are found by their day.
const MOST: i64 = 100;

/// `shifts.html`.
#[derive(Template)]
#[template(path = "office/desk/shifts.html")]
struct ShiftsPage {
    t: Lang,
    page: Page,
    f: Format,
    shifts: Vec<Shift>,
    fields: Vec<Field>,
    oversees: bool,
}

/// Which are shown.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ShiftsQuery {
    date: String,
    cashier: String,
}

/// `GET /shifts`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<ShiftsQuery>,
) -> Result<Response, WebError> {
    let (t, actor) = (visitor.lang, visitor.actor()?);
    let oversees = actor.may(Action::SeeShifts);
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let day = parse_day(&query.date);
    let period = day.map(|day| ends_ms(f.zone(), day, next_day(day)));
    let asked = (oversees && !query.cashier.is_empty()).then(|| UserId(query.cashier.clone()));
    let user_id = if oversees { asked } else { Some(actor.id()) };
    let filter = Filter { user_id, from_ms: period.map(|(from, _)| from), to_ms: period.map(|(_, to)| to) };
    let mut conn = app.db.read().await?;
    let shifts = shifts::list(&mut conn, &filter, MOST).await?;
    let people = if oversees { shifts::people(&mut conn).await? } else { Vec::new() };
    drop(conn);
    let mut faults = Faults::default();
    if day.is_none() && !query.date.is_empty() {
        faults.add("date", t.period_bad());
    }
    let mut fields = vec![Field::date("date", t.period_day()).value(&query.date).optional().error(&faults)];
    if oversees {
        let everybody = Choice::new("", t.shift_everybody());
        let named = people.into_iter().map(|(id, name)| Choice::new(id.0, name));
        let options = std::iter::once(everybody).chain(named).collect();
        fields.push(Field::select("cashier", t.sale_cashier(), options).value(&query.cashier).optional());
    }
    let page = Page::new(&app, &visitor, if oversees { t.shifts_title() } else { t.shifts_own_title() });
    show(&ShiftsPage { t, page, f, shifts, fields, oversees })
}
