//! `/documents`: everything that was printed with a number, to be seen, printed again, downloaded, alone or many in one
//! file.

mod batch;
mod batch_form;
mod list;
mod numbers;
mod one;
mod print;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::actor::Actor;
use domain::ids::OperationId;
use domain::rights::Action;
use paper::sheet::{Paper, Sheet};
use paper::{Document, Issue, Kind, pdf, sheet};
use words::Lang;

pub use self::batch::{get as get_batch, post as post_batch};
pub use self::list::get as get_list;
pub use self::one::{get as get_one, post as post_original};
pub use self::print::get as get_print;
use crate::reads::desk::receipts;
use crate::reads::papers::documents::{self, Issued, Original};
use crate::web::kit::error::WebError;
use crate::web::kit::state::AppState;

/// How long the one who took an original can print it again, should the printer jam, in milliseconds.
const ORIGINAL_FOR_MS: i64 = 15 * 60_000;

/// A sheet, for the templates.
pub(in crate::web) struct SheetView(pub Sheet);

impl SheetView {
    pub(in crate::web) const fn sheet(&self) -> &Sheet {
        &self.0
    }

    pub(in crate::web) const fn language(&self) -> Lang {
        self.0.language
    }

    pub(in crate::web) fn other_language(&self) -> &'static str {
        self.0.language.others().next().unwrap_or(self.0.language).code()
    }

    /// Names the paper: the style sheet has a page of that name.
    pub(in crate::web) fn page_class(&self) -> String {
        match (self.0.paper, self.0.language) {
            (Paper::A4, language) => format!("a4-{}", language.code()),
            (Paper::Roll, _) => format!("roll roll-{}", roll_mm(pdf::length_mm(&self.0))),
        }
    }
}

/// The length of roll that the style sheet has, with room for a browser that sets wider letters.
fn roll_mm(length_mm: f32) -> u32 {
    let lengths = [120, 160, 200, 240, 300, 400, 600];
    #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
    let enough = |mm: &u32| *mm as f32 >= length_mm * 1.15;
    lengths.into_iter().find(enough).unwrap_or(600)
}

/// Whether this person may see every document of a kind.
pub(crate) fn may_see_all(actor: &Actor, kind: Kind) -> bool {
    match kind {
        Kind::Receipt | Kind::RefundStatement | Kind::AccountStatement => actor.may(Action::SeeMoney),
        Kind::ShiftReport | Kind::SalesReport => actor.may(Action::SeeShifts),
        Kind::SubsidyReport => actor.may(Action::SeeAllowances),
    }
}

/// Whether this person may see a document: a cashier's own shift too.
pub(crate) fn may_see(actor: &Actor, issued: &Issued) -> bool {
    let own = matches!(&issued.content, Document::ShiftReport(shift) if shift.cashier_id == actor.id().0);
    own || may_see_all(actor, issued.kind)
}

/// A document by what its address says.
///
/// # Errors
/// [`WebError::NotFound`], [`WebError::Forbidden`].
pub(crate) async fn load(
    app: &AppState,
    actor: &Actor,
    kind: &str,
    number: &str,
) -> Result<(Issued, Option<Original>), WebError> {
    let kind: Kind = kind.parse().map_err(|()| WebError::NotFound)?;
    let number = number.parse().map_err(|_| WebError::NotFound)?;
    let mut conn = app.db.read().await?;
    let issued = documents::get(&mut conn, kind, number).await?.ok_or(WebError::NotFound)?;
    if !may_see(actor, &issued) {
        return Err(WebError::Forbidden);
    }
    let original = documents::originals(&mut conn, kind, (number, number)).await?.pop();
    Ok((issued, original))
}

/// Whether it is the receipt of a sale that was taken back; the paper may be older than that and not say so.
///
/// # Errors
/// The database's.
pub(in crate::web) async fn is_taken_back(app: &AppState, issued: &Issued) -> Result<bool, WebError> {
    if issued.kind != Kind::Receipt {
        return Ok(false);
    }
    let sale = OperationId(issued.subject.clone());
    let paid = receipts::paid(&mut *app.db.read().await?, &sale).await?;
    Ok(paid.is_some_and(|paid| paid.voided))
}

/// Whether what is asked for is the original: by the one who took it, with its operation, and just now.
pub(crate) fn is_original(app: &AppState, actor: &Actor, taken: Option<&Original>, asked: &str) -> bool {
    taken.is_some_and(|taken| {
        taken.operation_id.as_str() == asked
            && taken.actor_id == actor.id()
            && app.clock.now_ms() - taken.at_ms <= ORIGINAL_FOR_MS
    })
}

/// An issued document on paper.
pub(in crate::web) fn on_paper(app: &AppState, issued: &Issued, copy: bool, paper: Paper) -> Sheet {
    let code = app.documents.code(issued.kind, issued.number, &issued.sha256);
    let issue = Issue {
        number: issued.number,
        language: issued.language,
        issued: issued.issued,
        code: &code,
        copy,
        paper,
    };
    sheet(&issued.content, &issue)
}

/// The paper by its name in a query.
pub(crate) fn paper_of(name: &str) -> Paper {
    if name == "80mm" { Paper::Roll } else { Paper::A4 }
}

/// Sheets as one PDF, to be saved under that name. Set away from the threads that answer requests.
///
/// # Errors
/// [`WebError::Internal`].
pub(crate) async fn pdf(sheets: Vec<Sheet>, name: &str) -> Result<Response, WebError> {
    let written = tokio::task::spawn_blocking(move || pdf::pdf(&sheets)).await;
    let bytes = written
        .map_err(|error| WebError::Internal(error.to_string()))?
        .map_err(|error| WebError::Internal(error.to_string()))?;
    let saved = HeaderValue::from_str(&format!("attachment; filename=\"{name}.pdf\""));
    let saved = saved.map_err(|error| WebError::Internal(error.to_string()))?;
    let kind = HeaderValue::from_static("application/pdf");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, saved)], bytes).into_response())
}

/// Where a document is printed: `to` is `print`, `roll` or `pdf`; with the operation that took the original, the
/// original.
#[must_use]
pub fn address(kind: Kind, number: i64, to: &str, original: Option<&OperationId>) -> String {
    let page = match to {
        "pdf" => ".pdf?",
        "roll" => "/print?paper=80mm&",
        _ => "/print?",
    };
    let original = original.map_or_else(String::new, |operation| format!("original={operation}"));
    let address = format!("/documents/{}/{number}{page}{original}", kind.as_str());
    address.trim_end_matches(['?', '&']).to_owned()
}
