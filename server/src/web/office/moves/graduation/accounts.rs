//! `/moves/runs/{id}/accounts`: the bank accounts of those who left, filled in in the list of refunds and sent back.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use domain::ids::OperationId;
use paper::roster;
use words::Lang;

use super::run::run_page;
use crate::ops::moves::move_out::{AccountProblem, NoAccounts, NoteAccounts, review_accounts};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::page::{go, show_refused};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::moves::move_in_list::{file_problem, parts};

/// Problems that are listed; more are counted.
const MOST_PROBLEMS: usize = 100;

/// `POST /moves/runs/{id}/accounts`: all of the file or nothing.
///
/// # Errors
/// [`WebError::BadRequest`] for a damaged form; [`WebError::NotFound`] without such a run.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<OperationId>,
    form: Multipart,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let (key, _, file) = parts(form).await?;
    let read = tokio::task::spawn_blocking(move || roster::read_accounts(&file)).await;
    let lines = match read.map_err(|error| WebError::Internal(error.to_string()))? {
        Ok(lines) => lines,
        Err(problem) => {
            let words = file_problem(t, &problem);
            return show_refused(&run_page(&app, &visitor, &id, Some(words), Vec::new()).await?);
        }
    };
    let (accounts, found) = review_accounts(&app.db, &lines).await?;
    if !found.is_empty() {
        let trouble = t.accounts_wrong(found.len()).clone();
        let rows = found.into_iter().take(MOST_PROBLEMS).map(|(row, problem)| (row, words(t, &problem)));
        return show_refused(&run_page(&app, &visitor, &id, Some(trouble), rows.collect()).await?);
    }
    match app.ops.perform(visitor.actor()?, NoteAccounts { key: key.parse()?, accounts }).await {
        Ok(_) => Ok(go(&format!("/moves/runs/{id}#refunds"))),
        Err(refused) => {
            let NoAccounts = because(refused)?;
            let trouble = t.accounts_none().to_owned();
            show_refused(&run_page(&app, &visitor, &id, Some(trouble), Vec::new()).await?)
        }
    }
}

fn words(t: Lang, problem: &AccountProblem) -> String {
    match problem {
        AccountProblem::Missing(one) => t.list_row_missing(one.name(t)),
        AccountProblem::Malformed(one) => t.list_row_malformed(one.name(t)),
        AccountProblem::Formula(one) => t.list_row_formula(one.name(t)),
        AccountProblem::Rounded => t.accounts_rounded().to_owned(),
        AccountProblem::Nobody => t.accounts_nobody().to_owned(),
        AccountProblem::Twice(row) => t.list_row_repeated(row),
    }
}
