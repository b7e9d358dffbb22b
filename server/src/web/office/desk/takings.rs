//! `/reports/sales`: what was sold each day of a month, or each month of a year.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use words::Lang;

use crate::ops::kit::Key;
use crate::reads::desk::takings::{Quarter, quarters};
use crate::web::kit::bars::{Bars, Column};
use crate::web::kit::error::WebError;
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::Query;
use crate::web::kit::page::{Page, show};
use crate::web::kit::period::{
    begins_ms, day_of, ends_ms, next_day, next_month, next_year, parse_month, parse_year,
};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::desk::sale::channel_name;

/// `takings.html`.
#[derive(Template)]
#[template(path = "office/desk/takings.html")]
struct TakingsPage {
    t: Lang,
    page: Page,
    f: Format,
    by: By,
    of: Field,
    key: String,
    /// The month, as the form that issues a document names it.
    document_of: String,
    chart: Option<Bars>,
    rows: Vec<Row>,
    channels: Vec<Row>,
    total: Quarter,
}

/// A day, a month or a channel and its figures.
struct Row {
    name: String,
    /// Where its parts are shown.
    href: Option<String>,
    sums: Quarter,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Day,
    Month,
}

/// Which rows of what.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TakingsQuery {
    /// `day` or `month`.
    by: String,
    /// The month of the days, or the year of the months.
    of: String,
}

/// `GET /reports/sales`; without anything, the days of this month.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<TakingsQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let by = if query.by == "month" { By::Month } else { By::Day };
    let asked = if by == By::Month { parse_year(&query.of) } else { parse_month(&query.of) };
    let mut faults = Faults::default();
    if asked.is_none() && !query.of.is_empty() {
        faults.add("of", t.period_bad());
    }
    let today = day_of(f.zone(), f.now_ms());
    let first = asked.unwrap_or_else(|| by.first_around(today));
    let period = ends_ms(f.zone(), first, by.after_all(first));
    let quarters = quarters(&mut *app.db.read().await?, period, None).await?;
    let parts = by.parts(first, today);
    let sums: Vec<_> = parts.iter().map(|part| sum(&f, &quarters, *part, by.after(*part))).collect();
    let columns: Vec<_> = parts.iter().zip(&sums).map(|(part, sums)| by.column(&f, *part, sums)).collect();
    let rows = parts.iter().zip(sums).map(|(part, sums)| by.row(&f, *part, sums));
    let total = total(quarters.iter());
    show(&TakingsPage {
        t,
        page: Page::new(&app, &visitor, by.title(t, &f, first)),
        of: by.field(t, first).error(&faults),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        document_of: first.strftime("%Y-%m").to_string(),
        chart: (total != Quarter::default())
            .then(|| Bars::draw(&f, t.takings_chart().to_owned(), &columns))
            .flatten(),
        rows: rows.filter(|row| row.sums != Quarter::default()).collect(),
        channels: channels(t, &quarters),
        total,
        by,
        f,
    })
}

impl By {
    fn first_around(self, today: Date) -> Date {
        match self {
            Self::Day => today.first_of_month(),
            Self::Month => today.first_of_year(),
        }
    }

    fn after_all(self, first: Date) -> Date {
        match self {
            Self::Day => next_month(first),
            Self::Month => next_year(first),
        }
    }

    fn after(self, part: Date) -> Date {
        match self {
            Self::Day => next_day(part),
            Self::Month => next_month(part),
        }
    }

    /// The days of the month or the months of the year that have begun.
    fn parts(self, first: Date, today: Date) -> Vec<Date> {
        let parts = std::iter::successors(Some(first), |part| Some(self.after(*part)));
        let within: Vec<_> = parts.take_while(|part| *part < self.after_all(first)).collect();
        let begun: Vec<_> = within.iter().copied().filter(|part| *part <= today).collect();
        if begun.is_empty() { within } else { begun }
    }

    fn title(self, t: Lang, f: &Format, first: Date) -> String {
        match self {
            Self::Day => t.takings_month(f.month(first)),
            Self::Month => t.takings_year(first.year()),
        }
    }

    fn field(self, t: Lang, first: Date) -> Field {
        match self {
            Self::Day => Field::month("of", t.period_month()).value(first.strftime("%Y-%m").to_string()),
            Self::Month => {
                Field::number("of", t.period_year(), "").value(first.year().to_string()).longest(4)
            }
        }
    }

    fn column(self, f: &Format, part: Date, sums: &Quarter) -> Column {
        let (label, name) = match self {
            Self::Day => (part.day().to_string(), f.date(part)),
            Self::Month => (part.month().to_string(), f.month(part)),
        };
        Column { label, name, value: sums.net_minor() }
    }

    fn row(self, f: &Format, part: Date, sums: Quarter) -> Row {
        let (name, href) = match self {
            Self::Day => (f.date(part), format!("/reports/day-end?date={part}")),
            Self::Month => (f.month(part), format!("/reports/sales?of={}", part.strftime("%Y-%m"))),
        };
        Row { name, href: Some(href), sums }
    }
}

fn sum(f: &Format, quarters: &[Quarter], first: Date, after: Date) -> Quarter {
    let (from_ms, to_ms) = (begins_ms(f.zone(), first), begins_ms(f.zone(), after));
    total(quarters.iter().filter(|quarter| (from_ms..to_ms).contains(&quarter.from_ms)))
}

/// Of no quarter and no channel in particular.
fn total<'a>(quarters: impl Iterator<Item = &'a Quarter>) -> Quarter {
    quarters.fold(Quarter::default(), |mut total, quarter| {
        total.add(quarter);
        total
    })
}

fn channels(t: Lang, quarters: &[Quarter]) -> Vec<Row> {
    let mut names: Vec<&str> = quarters.iter().map(|quarter| quarter.channel.as_str()).collect();
    names.sort_unstable_by_key(|name| (*name != "cash", *name));
    names.dedup();
    let row = |name: &str| Row {
        name: channel_name(t, name),
        href: None,
        sums: total(quarters.iter().filter(|quarter| quarter.channel == name)),
    };
    names.into_iter().map(row).collect()
}
