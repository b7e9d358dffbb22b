//! Issuing a report or a statement whose content was put together from the books.

use std::convert::Infallible;

use domain::actor::Actor;
use domain::rights::Action;
use paper::Document;
use paper::parts::Moment;
use words::Lang;

use futures_util::FutureExt;
use serde::{Serialize, Serializer};
use sqlx::AnyConnection;

use crate::ops::kit::{Key, Operation, Verb, Written};
use crate::store::papers::documents::{self, NewDocument};
use crate::store::places::site;

/// What is to be issued.
#[derive(Clone, Debug, Serialize)]
pub struct IssueDocument {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// What one must be allowed to do for it.
    #[serde(skip)]
    pub action: Action,
    /// What it says. A repeat of the form may have put it together anew: the first one counts.
    #[serde(rename = "kind", serialize_with = "only_the_kind")]
    pub content: Document,
    /// The language to write it in.
    pub language: Lang,
    /// What it is about (the id of a shift, of a room): where its history belongs.
    pub about: String,
    /// One document for it, whoever asks; without, each request is a document of its own.
    #[serde(skip)]
    pub once: bool,
    /// For a person who looks through a list.
    #[serde(skip)]
    pub label: String,
}

/// The content may have moved on between two requests that are the same.
fn only_the_kind<S: Serializer>(content: &Document, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(content.kind().as_str())
}

/// Issues it. `store::papers::documents::of_operation` says which number it got.
impl Verb for IssueDocument {
    const NAME: &'static str = "issue-document";
    const WAKES: bool = false;
    type Refusal = Infallible;

    fn right(&self) -> Action {
        self.action
    }

    fn key(&self) -> &Key {
        &self.key
    }

    fn subject(&self, _: &Actor) -> String {
        self.about.clone()
    }

    fn write<'c>(&'c self, operation: &'c Operation, conn: &'c mut AnyConnection) -> Written<'c, Infallible> {
        async move {
            let zone = site::required(conn).await?.zone();
            let by = operation.by.id();
            let new = NewDocument {
                operation: &operation.id,
                content: &self.content,
                language: self.language,
                subject: if self.once { &self.about } else { operation.id.as_str() },
                label: &self.label,
                issued_by: by.as_str(),
                issued: Moment::at(operation.at_ms, &zone),
            };
            documents::issue(conn, &new).await?;
            Ok(())
        }
        .boxed()
    }
}
