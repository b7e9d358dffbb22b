//! `/equipment/meters/{id}/events`: all that a meter recorded, page by page, the newest first.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::ids::MeterId;
use serde::Deserialize;
use words::Lang;

use crate::reads::meters::equipment;
use crate::reads::meters::events::{self, NEWEST};
use crate::web::kit::error::WebError;
use crate::web::kit::format::Format;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::event_words::{EventLine, event_lines};

/// Events on a page.
const A_PAGE: usize = 50;

/// `meter_events.html`.
#[derive(Template)]
#[template(path = "office/meters/meter_events.html")]
struct EventsPage {
    t: Lang,
    page: Page,
    meter_id: MeterId,
    serial: i64,
    events: Vec<EventLine>,
    /// The lives, where two lines are of different ones: the meter counted anew in between.
    anew: Vec<bool>,
    /// Where the next page begins.
    older: Option<String>,
    /// This is not the first page.
    further: bool,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Before {
    before: String,
}

/// `GET /equipment/meters/{id}/events`.
///
/// # Errors
/// [`WebError::NotFound`] without such a meter.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<MeterId>,
    Query(query): Query<Before>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let before = understand(&query.before);
    let mut conn = app.db.read().await?;
    let meters = equipment::meters(&mut conn).await?;
    let serial = meters.iter().find(|meter| meter.id == id).ok_or(WebError::NotFound)?.serial;
    let limit = i64::try_from(A_PAGE + 1).unwrap_or(i64::MAX);
    let mut found = events::of_meter(&mut conn, &id, before.unwrap_or(NEWEST), limit).await?;
    drop(conn);
    let following = (found.len() > A_PAGE).then(|| found.pop()).flatten();
    let lives = found.iter().skip(1).map(|event| event.life).chain(following.iter().map(|event| event.life));
    let anew = found.iter().map(|event| event.life).zip(lives).map(|(life, older)| life != older);
    let anew: Vec<_> = anew.chain([false]).take(found.len()).collect();
    let last = found.last().map(|event| format!("{}-{}", event.life, event.number));
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    show(&EventsPage {
        t,
        page: Page::new(&app, &visitor, t.events_of(serial)),
        meter_id: id,
        serial,
        events: event_lines(t, &f, &found),
        anew,
        older: last.filter(|_| following.is_some()),
        further: before.is_some(),
    })
}

/// `life-number`; anything else is the first page.
fn understand(before: &str) -> Option<(i64, i64)> {
    let (life, number) = before.split_once('-')?;
    Some((life.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::understand;

    #[test]
    fn a_page_begins_where_the_address_says() {
        assert_eq!(understand("0-17"), Some((0, 17)));
        for wrong in ["", "17", "a-b", "-", "1-99999999999999999999"] {
            assert_eq!(understand(wrong), None, "{wrong}");
        }
    }
}
