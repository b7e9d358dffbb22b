//! `/reports/day-end`: a day at the desk: takings, shifts, and whether the records agree with the books.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::reads::desk::figures::{self, ChannelDay, DayEnd, Subject};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::period::{day_of, ends_ms, next_day, parse_day};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::channel_name;

/// `day_end.html`.
#[derive(Template)]
#[template(path = "office/desk/day_end.html")]
struct DayEndPage {
    t: Lang,
    page: Page,
    f: Format,
    date: Field,
    key: String,
    /// The day, as the form that issues a document names it.
    document_of: String,
    before: Date,
    after: Date,
    day: DayEnd,
    total: ChannelDay,
}

/// Which day.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DayQuery {
    date: String,
}

/// `GET /reports/day-end`; without a date, today's.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<DayQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let (asked, mut faults) = (parse_day(&query.date), Faults::default());
    if asked.is_none() && !query.date.is_empty() {
        faults.add("date", t.period_bad());
    }
    let date = asked.unwrap_or_else(|| day_of(f.zone(), f.now_ms()));
    let (from_ms, to_ms) = ends_ms(f.zone(), date, next_day(date));
    let day = figures::day_end(&mut *app.db.read().await?, from_ms, to_ms).await?;
    show(&DayEndPage {
        t,
        page: Page::new(&app, &visitor, t.day_end_of(f.date(date))),
        date: Field::date("date", t.period_day()).value(date.to_string()).error(&faults),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        document_of: date.to_string(),
        before: date.saturating_sub(1.day()),
        after: next_day(date),
        total: total(&day.channels),
        day,
        f,
    })
}

fn total(channels: &[ChannelDay]) -> ChannelDay {
    let mut total = ChannelDay::default();
    for day in channels {
        for (sum, part) in
            [(&mut total.sales, day.sales), (&mut total.voids, day.voids), (&mut total.refunds, day.refunds)]
        {
            sum.count += part.count;
            sum.amount_minor += part.amount_minor;
        }
        total.net_wh += day.net_wh;
    }
    total
}

impl DayEndPage {
    /// What a line of the reconciliation is about, in words.
    fn subject(&self, subject: &Subject) -> String {
        let t = self.t;
        match subject {
            Subject::Sales(channel) => t.compared_sales(channel_name(t, channel)),
            Subject::Voids(channel) => t.compared_voids(channel_name(t, channel)),
            Subject::Floats => t.compared_floats().to_owned(),
            Subject::Counted => t.compared_counted().to_owned(),
            Subject::Differences => t.compared_differences().to_owned(),
        }
    }

    fn channel(&self, channel: &str) -> String {
        channel_name(self.t, channel)
    }
}
