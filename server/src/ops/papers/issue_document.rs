//! Issuing a report or a statement whose content was put together from the books.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use paper::parts::Moment;
use paper::{Document, Language};

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::papers::documents::{self, NewDocument};
use crate::store::places::site;

/// What is to be issued.
#[derive(Clone, Debug)]
pub struct IssueDocument {
    /// The form's idempotency key.
    pub key: Key,
    /// What one must be allowed to do for it.
    pub action: Action,
    /// What it says. A repeat of the form may have put it together anew: the first one counts.
    pub content: Document,
    /// The language to write it in.
    pub language: Language,
    /// What it is about (the id of a shift, of a room): where its history belongs.
    pub about: String,
    /// One document for it, whoever asks; without, each request is a document of its own.
    pub once: bool,
    /// For a person who looks through a list.
    pub label: String,
}

/// What makes two requests the same: not the content, which may have moved on.
#[derive(Serialize)]
struct Same<'a> {
    kind: &'static str,
    about: &'a str,
    language: Language,
}

/// Issues it. `store::papers::documents::of_operation` says which number it got.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::KeyReused`], [`OpError::NotFound`] before the site has been set up.
pub async fn issue_document(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: IssueDocument,
) -> Result<Outcome, OpError> {
    require(actor, request.action)?;
    let same =
        Same { kind: request.content.kind().as_str(), about: &request.about, language: request.language };
    let operation = Operation::new(clock, actor, "issue-document", &request.key, &request.about, &same)?;
    let actor = actor.id();
    operation
        .run(db, (request, actor), |operation, (request, actor), conn| {
            async move {
                let zone = site::get(conn).await?.ok_or(OpError::NotFound("site"))?.zone();
                let new = NewDocument {
                    operation: &operation.id,
                    content: &request.content,
                    language: request.language,
                    subject: if request.once { &request.about } else { operation.id.as_str() },
                    label: &request.label,
                    issued_by: actor.as_str(),
                    issued: Moment::at(operation.at_ms, &zone),
                };
                documents::issue(conn, &new).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
