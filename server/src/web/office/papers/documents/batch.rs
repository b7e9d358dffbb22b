//! `/documents/{kind}.pdf?numbers=1-40,43`: many documents in one file; and handing out their originals together.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::Response;
use paper::Kind;
use paper::sheet::Paper;
use serde::Deserialize;
use words::Lang;

use super::batch_form::BatchForm;
use super::numbers::{MOST, Numbers};
use super::{is_original, list, may_see, may_see_all, on_paper, pdf};
use crate::ops::papers::hand_out::HandOut;
use crate::reads::papers::documents;
use crate::web::kit::error::WebError;
use crate::web::kit::field::Faults;
use crate::web::kit::forms::{Form, Query};
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;

/// Which numbers, and the operation that took their originals.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BatchQuery {
    numbers: String,
    original: String,
}

/// `GET /documents/{kind}.pdf?numbers=1-40,43`.
///
/// # Errors
/// [`WebError::NotFound`] when there are none or the range is no range, [`WebError::Forbidden`].
pub async fn get(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<BatchQuery>,
) -> Result<Response, WebError> {
    let actor = visitor.actor()?;
    let kind: Kind =
        kind.strip_suffix(".pdf").and_then(|kind| kind.parse().ok()).ok_or(WebError::NotFound)?;
    let numbers: Numbers = query.numbers.parse().map_err(|()| WebError::NotFound)?;
    let (mut issued, mut originals) = (Vec::new(), Vec::new());
    let mut conn = app.db.read().await?;
    for &(from, to) in numbers.ranges() {
        issued.extend(documents::range(&mut conn, kind, from, to).await?);
        originals.extend(documents::originals(&mut conn, kind, (from, to)).await?);
    }
    drop(conn);
    if issued.is_empty() {
        return Err(WebError::NotFound);
    }
    if issued.iter().any(|document| !may_see(actor, document)) {
        return Err(WebError::Forbidden);
    }
    let originals: HashMap<_, _> = originals.into_iter().map(|taken| (taken.number, taken)).collect();
    let asked = &query.original;
    let wanted = issued.iter().filter_map(|document| {
        let original = is_original(&app, actor, originals.get(&document.number), asked);
        // A print run of originals leaves out those that somebody else has handed out already.
        (asked.is_empty() || original).then(|| on_paper(&app, document, !original, Paper::A4))
    });
    let sheets: Vec<_> = wanted.collect();
    if sheets.is_empty() {
        return Err(WebError::NotFound);
    }
    let (from, to) = numbers.ends();
    pdf(sheets, &format!("{}_{}", kind.numbered(from), kind.numbered(to))).await
}

/// `POST /documents/{kind}/originals`.
///
/// # Errors
/// As [`get`]; a wrong range comes back with the form.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Form(form): Form<BatchForm>,
) -> Result<Response, WebError> {
    let actor = visitor.actor()?;
    let kind: Kind = kind.parse().map_err(|()| WebError::NotFound)?;
    if !may_see_all(actor, kind) {
        return Err(WebError::Forbidden);
    }
    let faults = match numbers(visitor.lang, kind, &form) {
        Err(faults) => faults,
        Ok(numbers) => {
            if count(&app, kind, &numbers).await? > 0 {
                let mut address = format!("/documents/{}.pdf?numbers={numbers}", kind.as_str());
                if form.what == "originals" {
                    let request = HandOut { key: form.key.parse()?, kind, ranges: numbers.ranges().to_vec() };
                    let outcome = app.ops.perform(actor, request).await?;
                    address = format!("{address}&original={}", outcome.id);
                }
                return Ok(go(&address));
            }
            Faults::one("numbers", visitor.lang.documents_batch_empty())
        }
    };
    show_refused(&list::page(&app, &visitor, kind, i64::MAX, &form, &faults).await?)
}

async fn count(app: &AppState, kind: Kind, numbers: &Numbers) -> Result<i64, WebError> {
    let (mut conn, mut found) = (app.db.read().await?, 0);
    for range in numbers.ranges() {
        found += documents::count(&mut conn, kind, *range).await?;
    }
    Ok(found)
}

/// The numbers as typed: with their letters, or without.
fn numbers(t: Lang, kind: Kind, form: &BatchForm) -> Result<Numbers, Faults> {
    if !form.numbers.is_empty() {
        return form.numbers.parse().map_err(|()| Faults::one("numbers", t.documents_batch_range(MOST)));
    }
    let mut faults = Faults::default();
    let mut number = |name: &str, text: &str| {
        let lettered = Kind::parse_number(text).filter(|(found, _)| *found == kind).map(|(_, number)| number);
        let number = lettered.or_else(|| text.trim().parse().ok().filter(|number| *number > 0));
        if number.is_none() {
            faults.add(name, t.documents_batch_number());
        }
        number
    };
    let (from, to) = (number("from", &form.from), number("to", &form.to));
    match (from, to) {
        (Some(from), Some(to)) => {
            Numbers::range(from, to).ok_or_else(|| Faults::one("to", t.documents_batch_range(MOST)))
        }
        _ => Err(faults),
    }
}
