//! Handing out originals: the first print of a document, once; whatever is printed later is a copy.

use domain::actor::Actor;
use domain::clock::Clock;
use domain::rights::Action;
use paper::Kind;

use crate::ops::kit::{Key, OpError, Operation, Outcome, require};
use futures_util::FutureExt;
use serde::Serialize;

use crate::db::Db;
use crate::store::papers::documents;

/// Which documents.
#[derive(Clone, Debug, Serialize)]
pub struct HandOut {
    /// The form's idempotency key.
    #[serde(skip)]
    pub key: Key,
    /// Their kind, by its name.
    pub kind: &'static str,
    /// From which number to which, both included.
    pub ranges: Vec<(i64, i64)>,
}

/// Takes the originals that nobody has taken yet; the outcome's operation is what shows them.
///
/// # Errors
/// [`OpError::Forbidden`], [`OpError::NotFound`], [`OpError::KeyReused`].
pub async fn hand_out(
    db: &Db,
    clock: &dyn Clock,
    actor: &Actor,
    request: HandOut,
) -> Result<Outcome, OpError> {
    require(actor, Action::HandOut)?;
    let kind: Kind = request.kind.parse().map_err(|()| OpError::NotFound("document"))?;
    let operation = Operation::new(clock, actor, "hand-out-documents", &request.key, request.kind, &request)?;
    let actor = actor.id();
    operation
        .run(db, (request, kind, actor), |operation, (request, kind, actor), conn| {
            async move {
                let taken = (&operation.id, actor, operation.at_ms);
                for numbers in &request.ranges {
                    documents::take_originals(conn, *kind, *numbers, taken).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}
