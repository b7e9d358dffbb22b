//! Issuing the report on free electricity: what stands in it is read in the transaction that numbers it.

use domain::actor::Actor;
use domain::month::Month;
use domain::rights::Action;
use paper::Document;
use paper::parts::Moment;
use words::Lang;

use futures_util::FutureExt;
use serde::{Serialize, Serializer};
use sqlx::AnyConnection;

use super::report::subsidy_report;
use crate::ops::kit::{Key, Operation, Verb, Written, refusals};
use crate::store::papers::documents::{self, NewDocument};
use crate::store::places::site;

/// The report to be issued.
#[derive(Clone, Debug, Serialize)]
pub struct IssueReport {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// The first month.
    #[serde(serialize_with = "as_text")]
    pub first: Month,
    /// The last one.
    #[serde(serialize_with = "as_text")]
    pub last: Month,
    /// The language to write it in.
    pub language: Lang,
}

fn as_text<S: Serializer>(month: &Month, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(month)
}

/// The months are reversed, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the months are reversed, or too many")]
pub struct NoSpan;

refusals!(NoSpan);

/// Issues it, under the operation's id as its subject: each time it is asked for, it is another report.
impl Verb for IssueReport {
    const NAME: &'static str = "issue-subsidy-report";
    const WAKES: bool = false;
    type Refusal = NoSpan;

    fn right(&self) -> Action {
        Action::Grant
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        "site".to_owned()
    }

    fn tidy(&mut self) -> Result<(), NoSpan> {
        let last = super::report::months(self.first, self.last).last().copied();
        if last == Some(self.last) { Ok(()) } else { Err(NoSpan) }
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, NoSpan> {
        async move {
            let zone = site::required(conn).await?.zone();
            let content = subsidy_report(conn, self.first, self.last, operation.at_ms).await?;
            let (label, by) = (format!("{} – {}", self.first, self.last), operation.by.id());
            let new = NewDocument {
                operation: &operation.id,
                content: &Document::SubsidyReport(content),
                language: self.language,
                subject: operation.id.as_str(),
                label: &label,
                issued_by: by.as_str(),
                issued: Moment::at(operation.at_ms, &zone),
            };
            documents::issue(conn, &new).await?;
            Ok(())
        }
        .boxed()
    }
}
