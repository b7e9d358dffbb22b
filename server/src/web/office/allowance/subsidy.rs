//! `/reports/subsidy`: issues the report on the free electricity of some months as a document with a number. What stands in
//! it is looked at in the reports on free electricity.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::month::Month;
use paper::Kind;
use serde::Deserialize;
use words::Lang;

use crate::ops::allowance::report::{MAX_MONTHS, months};
use crate::ops::allowance::{IssueReport, NoSpan};
use crate::ops::kit::Key;
use crate::reads::papers::documents;
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::{Faults, Field};
use crate::web::kit::format::Format;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{Page, go, show, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Months of a report, unless asked otherwise: this one and those before.
const USUAL: usize = 6;

/// `subsidy.html`.
#[derive(Template)]
#[template(path = "office/allowance/subsidy.html")]
struct SubsidyPage {
    t: Lang,
    page: Page,
    key: String,
    fields: [Field; 2],
}

/// Which months, as an address or the form has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SubsidyForm {
    key: String,
    from: String,
    until: String,
}

impl SubsidyForm {
    /// The first and the last month; what is wrong with them lands in `faults`.
    fn span(&self, t: Lang, faults: &mut Faults) -> Option<(Month, Month)> {
        let mut read = |name: &str, text: &str| {
            text.trim().parse::<Month>().map_err(|_| faults.add(name, t.subsidy_no_month())).ok()
        };
        let (first, last) = (read("from", &self.from), read("until", &self.until));
        let (first, last) = (first?, last?);
        if first > last {
            faults.add("until", t.subsidy_reversed());
        } else if months(first, last).last() != Some(&last) {
            faults.add("from", t.subsidy_too_long(MAX_MONTHS));
        }
        Some((first, last)).filter(|_| faults.is_empty())
    }
}

fn subsidy_page(app: &AppState, visitor: &Visitor, form: &SubsidyForm, faults: &Faults) -> SubsidyPage {
    let t = visitor.lang;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let last = Month::of(f.now_ms(), f.zone());
    let first = (1..USUAL).fold(last, |month, _| month.before());
    let field = |name, label, typed: &str, usual: Month| {
        let value = if typed.is_empty() { usual.to_string() } else { typed.to_owned() };
        Field::month(name, label).value(value).error(faults)
    };
    SubsidyPage {
        t,
        page: Page::new(app, visitor, t.subsidy_title()),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        fields: [
            field("from", t.subsidy_from(), &form.from, first),
            field("until", t.subsidy_until(), &form.until, last),
        ],
    }
}

/// `GET /reports/subsidy`.
///
/// # Errors
/// As any page.
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(form): Query<SubsidyForm>,
) -> Result<Response, WebError> {
    show(&subsidy_page(&app, &visitor, &form, &Faults::default()))
}

/// `POST /reports/subsidy`: issues the report under a number, and leads to the document.
///
/// # Errors
/// [`WebError::NotFound`] before the site has been set up.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Form(form): Form<SubsidyForm>,
) -> Result<Response, WebError> {
    let mut faults = Faults::default();
    let Some((first, last)) = form.span(visitor.lang, &mut faults) else {
        return show_refused(&subsidy_page(&app, &visitor, &form, &faults));
    };
    let language = visitor.lang;
    let request = IssueReport { key: form.key.parse()?, first, last, language };
    let outcome = match app.ops.perform(visitor.actor()?, request).await {
        Ok(outcome) => outcome,
        Err(refused) => {
            let NoSpan = because(refused)?;
            return Err(WebError::BadRequest);
        }
    };
    let (kind, mut conn) = (Kind::SubsidyReport, app.db.read().await?);
    let number = documents::number_of(&mut conn, kind, outcome.id.as_str()).await?;
    Ok(go(&format!("/documents/{}/{}", kind.as_str(), number.ok_or(WebError::NotFound)?)))
}
