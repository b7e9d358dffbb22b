//! Issuing the report on free electricity: what stands in it is read in the transaction that numbers it.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::month::Month;
use domain::rights::Action;
use paper::parts::Moment;
use paper::{Document, Language};

use crate::ops::kit::{Key, OpError, Operation, Outcome, Problem, require};
use futures_util::FutureExt;
use serde::Serialize;

use super::report::subsidy_report;
use crate::db::Db;
use crate::store::papers::documents::{self, NewDocument};
use crate::store::places::site;

/// The report to be issued.
#[derive(Clone, Debug)]
pub struct IssueReport {
    /// The form's idempotency key.
    pub key: Key,
    /// The first month.
    pub first: Month,
    /// The last one.
    pub last: Month,
    /// The language to write it in.
    pub language: Language,
}

/// What makes two requests the same.
#[derive(Serialize)]
struct Same {
    first: String,
    last: String,
    language: Language,
}

/// Issues it, under the operation's id as its subject: each time it is asked for, it is another report.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] before the site has been set up,
/// [`OpError::Invalid`] with field `until` when the months are reversed or too many.
pub async fn issue_report(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: IssueReport,
) -> Result<Outcome, OpError> {
    require(actor, Action::Grant)?;
    let IssueReport { key, first, last, language } = request;
    if super::report::months(first, last).last() != Some(&last) {
        return Err(OpError::Invalid { field: "until", problem: Problem::Malformed });
    }
    let same = Same { first: first.to_string(), last: last.to_string(), language };
    let operation = Operation::new(clock, actor, "issue-subsidy-report", &key, "site", &same)?;
    let by = actor.id().0;
    operation
        .run(db, (same, first, last, by), |operation, (same, first, last, by), conn| {
            async move {
                let zone = site::get(conn).await?.ok_or(OpError::NotFound("site"))?.zone();
                let content = subsidy_report(conn, *first, *last, operation.at_ms).await?;
                let label = format!("{} – {}", same.first, same.last);
                let new = NewDocument {
                    operation: &operation.id,
                    content: &Document::SubsidyReport(content),
                    language: same.language,
                    subject: operation.id.as_str(),
                    label: &label,
                    issued_by: by,
                    issued: Moment::at(operation.at_ms, &zone),
                };
                documents::issue(conn, &new).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
