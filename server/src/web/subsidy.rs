//! `/reports/subsidy`: what was granted, used and lapsed, by month, rule and building; and the same as CSV.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::documents::{Kind, Language};
use crate::exports::csv::{self, line};
use crate::money::format_amount;
use crate::month::Month;
use crate::ops::allowances::report::{MAX_MONTHS, Row, months, subsidy};
use crate::ops::allowances::{IssueReport, issue_report};
use crate::ops::{Key, OpError};
use crate::store::documents;
use crate::web::bars::{Bars, Column};
use crate::web::error::WebError;
use crate::web::field::{Faults, Field};
use crate::web::format::Format;
use crate::web::forms::{Form, Query};
use crate::web::i18n::Lang;
use crate::web::page::{Page, go, show};
use crate::web::state::AppState;
use crate::web::visitor::Visitor;

/// `subsidy.html`.
#[derive(Template)]
#[template(path = "subsidy.html")]
struct SubsidyPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    span: Span,
    fields: [Field; 2],
    chart: Option<Bars>,
    months: Vec<Row>,
    rows: Vec<Row>,
    total: Row,
}

/// Which months, as an address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SpanQuery {
    from: String,
    until: String,
}

/// The first and the last month of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: Month,
    pub(super) last: Month,
}

impl Span {
    /// The months asked for; without any, this one and the five before. What is wrong lands in `faults`.
    pub(super) fn read(t: Lang, f: &Format, (from, until): (&str, &str), faults: &mut Faults) -> Self {
        let mut read = |name: &str, text: &str| match text.trim() {
            "" => None,
            text => text.parse::<Month>().map_err(|_| faults.add(name, t.period_bad())).ok(),
        };
        let (from, until) = (read("from", from), read("until", until));
        let last = until.unwrap_or_else(|| Month::of(f.now_ms(), f.zone()));
        let first = from.unwrap_or_else(|| (0..5).fold(last, |month, _| month.before()));
        if first > last {
            faults.add("until", t.subsidy_reversed());
            return Self { first: last, last };
        }
        let span = Self { first, last };
        if months(first, last).last() != Some(&last) {
            faults.add("from", t.subsidy_too_long(MAX_MONTHS));
            return Self { first: last, last };
        }
        span
    }
}

/// `GET /reports/subsidy`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SpanQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut faults = Faults::default();
    let span = Span::read(t, &f, (&query.from, &query.until), &mut faults);
    let rows = rows(&app, &visitor, span).await?;
    let by_month: Vec<_> =
        months(span.first, span.last).into_iter().map(|month| of_month(&rows, month)).collect();
    let columns: Vec<_> = by_month.iter().map(|(month, row)| column(&f, *month, row)).collect();
    let total = sum(rows.iter());
    let month = |name, label, month: Month| Field::month(name, label).value(month.to_string()).error(&faults);
    show(&SubsidyPage {
        t,
        page: Page::new(&app, &visitor, t.subsidy_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        fields: [month("from", t.subsidy_from(), span.first), month("until", t.subsidy_until(), span.last)],
        chart: (!rows.is_empty()).then(|| Bars::draw(&f, t.subsidy_chart().to_owned(), &columns)).flatten(),
        months: by_month.into_iter().map(|(_, row)| row).filter(|row| !is_empty(row)).collect(),
        span,
        rows,
        total,
        f,
    })
}

async fn rows(app: &AppState, visitor: &Visitor, span: Span) -> Result<Vec<Row>, WebError> {
    if visitor.site.is_none() {
        return Ok(Vec::new());
    }
    Ok(subsidy(&mut *app.db.read().await?, span.first, span.last).await?)
}

fn sum<'a>(rows: impl Iterator<Item = &'a Row>) -> Row {
    rows.fold(Row::default(), |mut sum, row| {
        sum.add(row);
        sum
    })
}

fn of_month(rows: &[Row], month: Month) -> (Month, Row) {
    let name = month.to_string();
    (month, Row { month: name.clone(), ..sum(rows.iter().filter(|row| row.month == name)) })
}

fn is_empty(row: &Row) -> bool {
    *row == Row { month: row.month.clone(), ..Row::default() }
}

fn column(f: &Format, month: Month, row: &Row) -> Column {
    let label = month.to_string();
    Column { label, name: f.month(month.first_day()), value: row.granted_minor }
}

impl SubsidyPage {
    fn rule<'a>(&self, row: &'a Row) -> &'a str {
        if row.rule.is_empty() { self.t.free_by_hand() } else { &row.rule }
    }

    fn month(&self, row: &Row) -> String {
        row.month.parse::<Month>().map_or_else(|_| row.month.clone(), |month| self.f.month(month.first_day()))
    }
}

/// What is to be issued.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssueForm {
    key: String,
    from: String,
    until: String,
}

/// `POST /reports/subsidy`: issues the report under a number, and leads to the document.
///
/// # Errors
/// [`WebError::BadRequest`] for what are no months of a report.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<IssueForm>,
) -> Result<Response, WebError> {
    let month = |text: &str| text.parse::<Month>().map_err(|_| WebError::BadRequest);
    let language = match visitor.lang {
        Lang::En => Language::En,
        Lang::Zh => Language::Zh,
    };
    let (first, last) = (month(&form.from)?, month(&form.until)?);
    let request = IssueReport { key: form.key.parse()?, first, last, language };
    let outcome = match issue_report(&app.db, app.clock.as_ref(), visitor.actor()?, request).await {
        Err(OpError::Invalid { field: "until", .. }) => return Err(WebError::BadRequest),
        outcome => outcome?,
    };
    let (kind, mut conn) = (Kind::SubsidyReport, app.db.read().await?);
    let number = documents::number_of(&mut conn, kind, outcome.id.as_str()).await?;
    Ok(go(&format!("/documents/{}/{}", kind.as_str(), number.ok_or(WebError::NotFound)?)))
}

/// `GET /reports/subsidy/csv`.
///
/// # Errors
/// [`WebError::NotFound`] before the site has been set up.
pub async fn get_csv(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(query): Query<SpanQuery>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let site = visitor.site.as_ref().ok_or(WebError::NotFound)?;
    let f = Format::new(t, Some(site), app.clock.now_ms());
    let span = Span::read(t, &f, (&query.from, &query.until), &mut Faults::default());
    let rows = rows(&app, &visitor, span).await?;
    let code = f.currency();
    let figures = [t.subsidy_granted(), t.subsidy_used(), t.subsidy_lapsed()];
    let figures: Vec<_> =
        figures.iter().flat_map(|what| [t.subsidy_kwh(what), t.subsidy_money(what, code)]).collect();
    let names = [t.run_month(), t.run_rule(), t.csv_building(), t.subsidy_grants()];
    let mut text = csv::START.to_owned();
    text.push_str(&line(names.into_iter().chain(figures.iter().map(String::as_str))));
    for row in &rows {
        let energy = |wh| format_amount(wh, 3);
        let money = |minor| format_amount(minor, site.currency().digits);
        let figures = [
            row.rooms.to_string(),
            energy(row.granted_wh),
            money(row.granted_minor),
            energy(row.used_wh),
            money(row.used_minor),
            energy(row.lapsed_wh),
            money(row.lapsed_minor),
        ];
        let rule = if row.rule.is_empty() { t.free_by_hand() } else { &row.rule };
        let names = [row.month.as_str(), rule, row.building.as_str()];
        text.push_str(&line(names.into_iter().chain(figures.iter().map(String::as_str))));
    }
    let name = format!("attachment; filename=\"free-electricity-{}-{}.csv\"", span.first, span.last);
    let headers = [(CONTENT_TYPE, csv::CONTENT_TYPE), (CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, text).into_response())
}
