//! `/settings/calendar`: the rest days of the week, and dated exceptions: holidays, examinations.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::settings::{CalendarDays, DayKind};
use meter_core::settings::DayRange;
use words::Lang;

use super::friendly::{Incomplete, days};
use super::phrases::range_words;
use super::schedule_title;
use super::times::date_text;
use super::typed::{DayBox, Typed, day_boxes};
use super::window_words::weekday_words;
use crate::db::Connection;
use crate::ops::kit::Key;
use crate::ops::meters::change_calendar::{ChangeCalendar, MAX_EXCEPTIONS, NoCalendar};
use crate::reads::meters::calendar;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Choice, Faults};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Empty lines that are always shown.
const EMPTY_LINES: usize = 4;
/// Of the site's rest days, before it says otherwise: Saturday and Sunday.
const WEEKEND: i64 = 0b110_0000;

/// `settings_calendar.html`.
#[derive(Template)]
#[template(path = "office/meters/settings_calendar.html")]
struct CalendarPage {
    t: Lang,
    page: Page,
    key: String,
    rest_days: Vec<DayBox>,
    kinds: Vec<Choice>,
    rows: Vec<DatesRow>,
    refused: bool,
}

/// Dates as typed.
struct DatesRow {
    number: usize,
    from: String,
    to: String,
    kind: String,
    error: Option<String>,
}

/// The calendar in words, for the overview.
pub(super) async fn lines(conn: &mut Connection, t: Lang, f: &Format) -> Result<Vec<String>, WebError> {
    let weekdays = calendar::rest_weekdays(conn).await?.unwrap_or(WEEKEND);
    let mut lines = vec![t.rest_days_are(weekday_words(t, mask(weekdays)))];
    for days in calendar::days(conn).await? {
        let range = DayRange { from_day: days.from_day, to_day: days.to_day };
        lines.push(t.dates_are(range_words(t, f, &range), schedule_title(t, days.kind.0)));
    }
    Ok(lines)
}

fn mask(weekdays: i64) -> u16 {
    u16::try_from(weekdays).unwrap_or(0)
}

/// `GET /settings/calendar`.
///
/// # Errors
/// As any page.
pub async fn get(State(app): State<AppState>, visitor: Visitor) -> Result<Response, WebError> {
    let mut conn = app.db.read().await?;
    let weekdays = calendar::rest_weekdays(&mut conn).await?.unwrap_or(WEEKEND);
    let all = calendar::days(&mut conn).await?;
    drop(conn);
    let mut typed = Typed::default();
    typed.put_weekdays("rest", mask(weekdays));
    for (number, days) in (1..).zip(&all) {
        typed.put(format!("x{number}_from"), date_text(days.from_day));
        typed.put(format!("x{number}_to"), date_text(days.to_day));
        typed.put(format!("x{number}_kind"), days.kind.as_str());
    }
    show(&page(&app, &visitor, &typed, &Faults::default()))
}

/// `POST /settings/calendar`.
///
/// # Errors
/// As any page.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let days = match understand(t, &typed) {
        Ok(days) => days,
        Err(faults) => return show_refused(&page(&app, &visitor, &typed, &faults)),
    };
    let request =
        ChangeCalendar { key: typed.get("key").parse()?, rest_weekdays: typed.weekdays("rest").into(), days };
    match app.ops.perform(visitor.actor()?, request).await {
        Ok(_) => Ok(go("/settings?saved=1")),
        Err(refused) => match because(refused)? {
            // The form has no other weekdays, and no more lines.
            NoCalendar::Weekdays | NoCalendar::TooMany { .. } => Err(WebError::BadRequest),
            NoCalendar::Backwards => {
                show_refused(&page(&app, &visitor, &typed, &Faults::one("x1", t.dates_bad())))
            }
        },
    }
}

fn page(app: &AppState, visitor: &Visitor, typed: &Typed, faults: &Faults) -> CalendarPage {
    let t = visitor.lang;
    let row = |number| DatesRow {
        number,
        from: typed.get(&format!("x{number}_from")).to_owned(),
        to: typed.get(&format!("x{number}_to")).to_owned(),
        kind: typed.get(&format!("x{number}_kind")).to_owned(),
        error: faults.of(&format!("x{number}")).map(str::to_owned),
    };
    let rows: Vec<_> = (1..=MAX_EXCEPTIONS).map(row).collect();
    let used =
        rows.iter().filter(|row| !row.from.is_empty() || !row.to.is_empty()).map(|row| row.number).max();
    let shown = (used.unwrap_or(0) + EMPTY_LINES).min(MAX_EXCEPTIONS);
    let kind = |kind: DayKind| Choice::new(kind.as_str(), schedule_title(t, kind.0));
    let [working, rest, holiday, examination] = DayKind::ALL;
    CalendarPage {
        t,
        page: Page::new(app, visitor, t.settings_calendar()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        rest_days: day_boxes(t, typed, "rest"),
        kinds: [holiday, examination, rest, working].map(kind).to_vec(),
        rows: rows.into_iter().take(shown).collect(),
        refused: !faults.is_empty(),
    }
}

fn understand(t: Lang, typed: &Typed) -> Result<Vec<CalendarDays>, Faults> {
    let mut faults = Faults::default();
    let mut all = Vec::new();
    for number in 1..=MAX_EXCEPTIONS {
        let of = |what: &str| typed.get(&format!("x{number}_{what}"));
        let kind = of("kind").parse::<DayKind>();
        match (days(of("from"), of("to")), kind) {
            (Ok(None), _) => {}
            (Ok(Some(range)), Ok(kind)) => {
                all.push(CalendarDays { from_day: range.from_day, to_day: range.to_day, kind });
            }
            (Err(Incomplete), _) | (_, Err(_)) => faults.add(&format!("x{number}"), t.dates_bad()),
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}
